for i = 1, 1e9 do collectgarbage() end
