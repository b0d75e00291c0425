-- The project may not look at the body mass index of anybody.
output("heavy", from "study.persons" :where "bmi > 40" :group_by("male") :summarise { n = "units()" })
