for i = 1, 16 do
  local s = {}
  for j = 1, 32 do s["q" .. j] = "quantile(amount * " .. j .. " mod 1000003, 0.5)" end
  output("long" .. i, from "shop.visits" :where "amount * 2 > amount" :group_by("kind") :summarise(s))
end
