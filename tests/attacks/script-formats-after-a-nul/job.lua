print(string.format("\0%s|%s", print, {}))
print(string.format("\0%p", print))
