"""A quote, and forty megabytes behind it."""
from hostile import big, write

write("t.csv", "")
with open("t.csv", "wb") as file:
    file.write(b'id,v\n1,2\n2,"')
    for _ in range(40):
        file.write(b"x" * (1 << 20))
