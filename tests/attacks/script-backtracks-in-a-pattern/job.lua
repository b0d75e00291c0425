("a"):rep(40000):find(("a*"):rep(30) .. "b")
