"""Writes the example's events as they are, without, or with another day for one person of the hidden cell (MI, 18-39, female)."""
import csv, gzip, sys

how, persons, events, out = sys.argv[1:]
read = lambda path: list(csv.reader(gzip.open(path, "rt", newline="")))
head, *rows = read(persons)
at = {name: i for i, name in enumerate(head)}
young = {row[0] for row in rows if 18 <= int(row[at["age"]]) < 40 and row[at["male"]] == "0"}
head, *rows = read(events)
who = next(row[0] for row in rows if row[2] == "MI" and row[0] in young)
of_cell = lambda row: row[0] == who and row[2] == "MI"
if how == "gone":
    rows = [row for row in rows if not of_cell(row)]
if how == "another-day":
    rows = [[row[0], str(int(row[1]) + 1), row[2]] if of_cell(row) else row for row in rows]
with gzip.GzipFile(out, "wb", mtime=0) as f:
    for row in [head] + rows:
        f.write((",".join(row) + "\n").encode())
