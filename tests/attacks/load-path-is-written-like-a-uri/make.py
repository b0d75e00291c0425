"""Files of such names do not exist, but one does."""
from hostile import database, rows

database("CREATE TABLE t(id, v);" + rows(3), "source.sqlite")
database("CREATE TABLE t(id, v);" + rows(4), "./file:named?mode=memory")
