output("cells", from "shop.visits" :join(from "shop.persons") :group_by("kind", "site", "ill") :summarise { n = "units()" })
