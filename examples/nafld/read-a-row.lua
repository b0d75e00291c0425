-- A job is static: it ends before the first row is read. This one tries to look.
local persons = from "study.persons" :group_by("male") :summarise { n = "units()" }
print(persons[1].n)
