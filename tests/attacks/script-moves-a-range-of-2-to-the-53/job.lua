table.move({}, 1, 1 << 53, 2)
