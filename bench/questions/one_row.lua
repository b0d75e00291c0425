-- The same over one row: what is left is starting and answering.
output("crosstab", from "small.one" :derive { band = "bands(day)" } :group_by("region", "band")
  :summarise { rows = "count()", total = "sum(amount)" })
