local names = { "io", "os", "package", "require", "debug", "dofile", "loadfile", "load", "loadstring", "rawget", "rawset", "_G",
  "collectgarbage", "coroutine", "setmetatable", "getmetatable", "warn", "module", "setfenv", "getfenv", "newproxy", "ffi", "jit", "bit32" }
for _, name in ipairs(names) do assert(not pcall(function() return _ENV[name] end), name) end
for _, name in ipairs { "dump", "pack", "packsize", "unpack" } do
  assert(not pcall(function() return string[name] end), name)
  assert(not pcall(function() return ("x")[name] end), name)
end
for _, name in ipairs { "__gc", "__index", "__newindex", "__metatable", "__name", "__len" } do
  assert(not pcall(function() return (from "study.persons")[name] end), name)
end
print "nothing"
