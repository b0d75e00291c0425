local function r() coroutine.wrap(r)() end
r()
