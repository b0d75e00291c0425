assert(not pcall(string.format, "%99999d", 1))
assert(not pcall(string.format, "%.100f", 1))
assert(not pcall(string.format, "%s"))
print(#string.format("%99.99f", math.huge), #string.format("%99.99f", 1e308), #string.format("%-99d", 1))
