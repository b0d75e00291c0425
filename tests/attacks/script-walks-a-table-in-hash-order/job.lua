local t = {} for i = 1, 200 do t['k' .. i * 7919] = i end local s = {} for k in pairs(t) do s[#s + 1] = k end print(table.concat(s, ' '))
