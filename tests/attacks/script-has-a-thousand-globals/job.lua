for i = 1, 2000 do _ENV["abcdefgh" .. i] = 1 end
return abcdefgh3x
