local r = from "study.persons":group_by("male"):summarise { n = "units()" }
for i = 1, 1e6 do output("x" .. i, r) end
