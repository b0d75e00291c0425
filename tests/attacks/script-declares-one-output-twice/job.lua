local r = from "study.persons":summarise { n = "units()" }
output("x", r)
output("x", r)
