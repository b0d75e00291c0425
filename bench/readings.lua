-- The mean of each test over 400,123 readings: the larger of the two measured jobs.
output("readings", from "study.labs"
  :group_by("test")
  :summarise { persons = "units()", mean = "mean(value)" }
  :describe { test = "test", persons = "distinct persons with a reading", mean = "mean reading",
              purpose = "readings recorded in the study, all years; unit: person" })
