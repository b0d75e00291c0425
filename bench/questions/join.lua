-- By where a person lives, which the persons' table says.
output("join", from "joined.events" :join(from "joined.persons") :group_by("home")
  :summarise { rows = "count()", total = "sum(amount)" })
