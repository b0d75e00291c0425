local function f() string.gsub('x', 'x', f) end f()
