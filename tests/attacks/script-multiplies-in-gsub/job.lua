local s = ("x"):rep(50000):gsub("", ("y"):rep(1000))
