print("\27[2J\27]0;title\7a\rb\8c\127\155")
print("J-7 released\nR-1 approved", "tab\there", "back\\slash")
print("\u{202e}abc\u{2066}\u{200b}\u{feff}", "\xc3\x28", "\0", "\u{e0041}")
print("kept: é 漢 🙂")
