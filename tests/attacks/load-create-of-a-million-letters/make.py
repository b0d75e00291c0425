"""A table with a comment of a megabyte and one with a check of two."""
from hostile import create_is, database, rows

database("CREATE TABLE t(id, v);" + rows(5), "below.sqlite")
create_is("CREATE TABLE t(id, v /* " + "x" * 900000 + " */)", "t", "below.sqlite")
database("CREATE TABLE t(id, v);" + rows(5), "above.sqlite")
create_is("CREATE TABLE t(id, v /* " + "x" * 2000000 + " */)", "t", "above.sqlite")
