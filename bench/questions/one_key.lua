output("one_key", from "big.events" :group_by("region") :summarise { rows = "count()", total = "sum(amount)" })
