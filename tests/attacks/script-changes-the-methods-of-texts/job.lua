getmetatable("").__index.rep = function() return "mine" end
