output("median", from "big.events" :group_by("region")
  :summarise { m = "median(amount)", p90 = "quantile(amount, 0.9)" })
