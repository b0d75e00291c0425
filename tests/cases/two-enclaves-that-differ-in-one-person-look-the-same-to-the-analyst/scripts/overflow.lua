output("over", from "shop.visits" :group_by("kind") :summarise { n = "units()", s = "sum(amount * amount)", m = "mean(amount)" }
  :describe { kind = "kind", n = "persons", s = "squares; unit: EUR squared", m = "mean", purpose = "amounts by kind" })
