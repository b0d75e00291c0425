local r = from "study.persons":summarise { n = "units()" }
output("Table", r)
output("tABLE", r)
