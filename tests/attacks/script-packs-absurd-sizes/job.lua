string.pack("i17s2147483647", 1, "x")
