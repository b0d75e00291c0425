error("\27[2J\u{202e}x\r\nJ-7 released", 0)
