"""Four hundred thousand rows; while.py cuts and lengthens them meanwhile."""
from hostile import database, rows, write

write("t.csv", "id,v\n" + "".join(f"{i},{i % 100}\n" for i in range(400000)))
database("CREATE TABLE t(id, v);" + rows(200000))
