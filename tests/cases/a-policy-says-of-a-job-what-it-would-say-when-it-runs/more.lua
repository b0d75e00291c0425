output("days", from "study.events" :join(from "study.persons")
  :where "age >= 40"
  :group_by("male")
  :summarise { persons = "units()", first = "mean(days)" }
  :describe { male = "sex", persons = "distinct persons", first = "days from entry, mean",
              purpose = "days to the first diagnosis; unit: day" })
