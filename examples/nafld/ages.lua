-- How many persons are above 60 at entry, and above 70? Two conditions on one column: the reviewer judges who lies between.
output("ages", from "study.persons"
  :derive { sex = "male" }
  :group_by("sex")
  :summarise { persons = "units()", old = "count_if(age > 60)", older = "count_if(age > 70)" }
  :describe { sex = "sex", persons = "persons in the study", old = "persons above 60 years at entry",
              older = "persons above 70 years at entry", purpose = "ages at entry, all years; unit: person" })
