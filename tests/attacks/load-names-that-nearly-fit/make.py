"""Tables and columns named almost as the data package says."""
from hostile import database, rows

database("CREATE TABLE t(ID, v); INSERT INTO t VALUES (1, 1);", "case.sqlite")
database("CREATE TABLE t(id, w); INSERT INTO t VALUES (1, 1);", "missing.sqlite")
database("CREATE TABLE t(id, \"ｖ\"); INSERT INTO t VALUES (1, 1);", "wide.sqlite")
database("CREATE TABLE t(\"іd\", v); INSERT INTO t VALUES (1, 1);", "cyrillic.sqlite")
database("CREATE TABLE t(v); INSERT INTO t VALUES (1);", "rowid.sqlite")
database("CREATE TABLE \"t \"(id, v);" + rows(3, '"t "'), "blank.sqlite")
database("CREATE TABLE T(id, v);" + rows(3, "T"), "upper.sqlite")
