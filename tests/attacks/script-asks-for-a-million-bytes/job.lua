string.byte(("x"):rep(1 << 20), 1, -1)
