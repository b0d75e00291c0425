local r = from "study.persons":group_by("male"):summarise { n = "units()" }
local values = { math.mininteger, math.maxinteger, 0 / 0, -0.0, 1 / 0, 2^53 + 1, 1e308, 5e-324, ("x"):rep(1 << 20), "\0", "\xff", true, {}, print, r }
for i, v in ipairs(values) do
  print(i, pcall(r.limit, r, v), pcall(r.order_by, r, v), pcall(r.describe, r, { n = v }), pcall(r.calc, r, { c = v }))
  print(i, pcall(from, v), pcall(output, v, r), pcall(output, "a", v), pcall(r.where, r, v), pcall(r.where, v))
  print(i, pcall(function() return (from "study.persons"):where("age > $v", { v = v }) end))
  print(i, pcall(function() return (from "study.persons"):where("age in $v", { v = { v, v } }) end))
end
