output("filter", from "big.events" :where "day >= 1827" :group_by("region") :summarise { rows = "count()", mean = "mean(amount)" })
