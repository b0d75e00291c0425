local tries = {
  function() _G = {} end, function() from = print end, function() string = {} end, function() load = print end,
  function() _ENV.output = 1 end, function() string.rep = print end, function() ("x").rep = print end,
  function() params.min = 1 end, function() table.insert(string, 1) end, function() table.move({ 1 }, 1, 1, 1, math) end,
  function() table.sort(_ENV) error "empty" end, function() table.remove(math) end, function() (from "study.persons").where = print end,
  function() setmetatable(_ENV, {}) end, function() for k in pairs(string) do error(k) end error "empty" end,
}
for i, try in ipairs(tries) do assert(not pcall(try), "try " .. i) end
local _ENV = { output = print, assert = assert }
assert(output ~= nil and print == nil)
