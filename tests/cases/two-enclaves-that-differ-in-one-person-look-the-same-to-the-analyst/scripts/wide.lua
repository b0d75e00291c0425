for i = 1, 4 do
  output("wide" .. i, from "shop.visits" :group_by("kind") :summarise { n = "units()", q = "median(amount)", s = "sum(amount)" }
    :describe { kind = "kind of visit", n = "persons", q = "amount, median", s = "amount, sum" })
end
