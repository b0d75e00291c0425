output("by_zero", from "shop.visits" :derive { part = "1000 / (amount - 5) + amount mod (amount - 5)" } :group_by("kind")
  :summarise { n = "units()", p = "mean(part)" }
  :describe { kind = "kind", n = "persons", p = "part; unit: parts per EUR", purpose = "parts by kind" })
