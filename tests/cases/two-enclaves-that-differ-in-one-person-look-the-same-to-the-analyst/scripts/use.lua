output("use", from "shop.visits" :group_by("amount") :summarise { n = "units()" })
