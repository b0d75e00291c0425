local r = from "study.persons":summarise{ n = "units()" }
if r.n > 10 then output("x", r) end
