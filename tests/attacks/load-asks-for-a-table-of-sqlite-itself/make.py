"""A file with statistics and a sequence, so that SQLite's own tables exist."""
from hostile import database, rows

database("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, v);" + rows(9) + "CREATE INDEX i ON t(v); ANALYZE;")
