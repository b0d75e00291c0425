local least, most = math.mininteger, math.maxinteger
assert(not pcall(table.unpack, {}, least, most))
assert(not pcall(table.unpack, {}, 0, most))
assert(not pcall(select, least, 1))
assert(select("#", table.unpack({}, most - 1, least)) == 0)  -- an empty range
