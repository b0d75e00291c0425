-- Two keys, about 6,300 cells.
output("crosstab", from "big.events" :derive { band = "bands(day)" } :group_by("region", "band")
  :summarise { rows = "count()", total = "sum(amount)" })
