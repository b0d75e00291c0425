"""Sixty databases with bytes changed at random, of one seed."""
import random

from hostile import database, image, rows, write

random.seed(1904)
database("PRAGMA page_size=512; CREATE TABLE t(id, v, w);" + rows(300) + "UPDATE t SET w = hex(zeroblob(300)) WHERE id % 50 = 0;"
         "CREATE INDEX i ON t(v); CREATE VIEW x AS SELECT * FROM t; DELETE FROM t WHERE id > 250;", "honest.sqlite")
honest = image("honest.sqlite")
for number in range(60):
    data = bytearray(honest)
    for _ in range(1 + number % 8):
        at = random.choice((random.randrange(100), random.randrange(100, 1200), random.randrange(len(data))))
        data[at] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    write(f"m{number}.sqlite", bytes(data))
