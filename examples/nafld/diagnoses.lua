-- How many persons have each diagnosis, by age at entry and sex.
output("diagnoses", from "study.events" :join(from "study.persons")
  :derive { band = "bands(age)", sex = "male" }
  :group_by("event", "band", "sex")
  :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age at entry, years", sex = "sex",
              persons = "distinct persons with the diagnosis",
              purpose = "diagnoses recorded in the study, all years; unit: person" })
