"""A database, a log and a text of 200 GB each, almost all of it holes."""
import os

from hostile import database, rows, write

LONG = 200 << 30
database("CREATE TABLE t(id, v);" + rows(9), "database.sqlite")
os.truncate("database.sqlite", LONG)
database("PRAGMA journal_mode=WAL; CREATE TABLE t(id, v);" + rows(9), "log.sqlite")
write("log.sqlite-wal", b"")
os.truncate("log.sqlite-wal", LONG)
write("t.csv", "id,v\n1,2\n")
os.truncate("t.csv", LONG)
os.mkdir("zipped")
with open("datapackage.json", encoding="utf-8") as file:
    write("zipped/datapackage.json", file.read().replace("t.csv", "t.csv.gz"))
write("zipped/t.csv.gz", b"")
os.truncate("zipped/t.csv.gz", LONG)
