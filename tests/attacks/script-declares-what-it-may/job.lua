output("x", from "study.persons":where("age > $min"):group_by("male"):summarise{ n = "units()" })
