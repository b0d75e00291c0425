"""A cell of 40 MB, one in a column nobody named, and a row that only says it is a gigabyte."""
from hostile import database, image, page_at, patch, root_page

ROWS = "CREATE TABLE t(id, v, w); INSERT INTO t VALUES (1, 1, 'x'), (2, {}, {}), (3, 3, 'x');"
database(ROWS.format("zeroblob(40000000)", "'x'"), "long.sqlite")
database(ROWS.format("2", "zeroblob(40000000)"), "other.sqlite")
database("PRAGMA page_size=512; CREATE TABLE t(id, v); INSERT INTO t VALUES (1, zeroblob(5000));", "says.sqlite")
page = page_at(root_page("t", "says.sqlite"), "says.sqlite")
cell = int.from_bytes(image("says.sqlite")[page + 8:page + 10], "big")
patch([(page + cell, b"\x84\x80\x80\x80\x00")], "says.sqlite")
