output("small", from "small.events" :group_by("region") :summarise { rows = "count()", total = "sum(amount)" })
