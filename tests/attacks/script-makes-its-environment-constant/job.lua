do local _ENV <const> = {} x = 1 end
local function f() local ok, e = xpcall(f, f) return e .. f() end
f()
