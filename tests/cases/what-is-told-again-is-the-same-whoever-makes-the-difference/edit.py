"""Writes the example's persons as they are (as-it-is), with nobody older than 97 (nobody), or with four men more (more)."""
import csv, gzip, sys

how, persons, out = sys.argv[1:]
head, *rows = csv.reader(gzip.open(persons, "rt", newline=""))
age, male = head.index("age"), head.index("male")
changed = 0
for row in rows:
    if how == "nobody" and row[age] == "98":
        row[age] = "57"
        changed += 1
    if how == "more" and row[age] == "57" and row[male] == "1" and changed < 4:
        row[age] = "98"
        changed += 1
assert changed == {"as-it-is": 0, "nobody": 3, "more": 4}[how], changed
with gzip.GzipFile(out, "wb", mtime=0) as f:
    for row in [head] + rows:
        f.write((",".join(row) + "\n").encode())
