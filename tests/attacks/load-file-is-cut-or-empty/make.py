"""An honest database, cut at several lengths."""
from hostile import database, image, rows, write

database("PRAGMA page_size=1024; CREATE TABLE t(id, v);" + rows(500), "honest.sqlite")
honest = image("honest.sqlite")
for length in (0, 1, 15, 16, 99, 100, 511, 1023, 1024, 1025, 2048, 3000, len(honest) - 1024, len(honest) - 1):
    write(f"cut{length}.sqlite", honest[:length])
write("zeros.sqlite", bytes(4096))
write("last.sqlite", honest[:-1])
write("behind.sqlite", honest + b"x" * 10000)
