assert(not pcall(function() return setmetatable({}, { __len = function() return 1 << 60 end }) end))
assert(not pcall(table.concat, {}, "", 1, 1 << 60))
assert(not pcall(table.unpack, {}, 1, 1 << 60))
assert(not pcall(table.insert, {}, 1 << 60, 1))
assert(not pcall(table.remove, {}, 1 << 60))
assert(not pcall(function() return #from "study.persons" end))
print "refused"
