local kept = {}
for i = 1, 1e7 do
  local r = from "study.persons":where("age > $i", { i = i % 90 })
  if i % 3 == 0 then kept[#kept + 1] = ("x"):rep(i % 4096) .. i end
end
