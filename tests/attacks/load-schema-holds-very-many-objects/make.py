"""Twenty thousand views beside one table, and three hundred thousand."""
from hostile import database, insert_schema, rows

for path, n in (("many.sqlite", 20000), ("bomb.sqlite", 300000)):
    database("CREATE TABLE t(id, v);" + rows(5), path)
    insert_schema((("view", f"v{i}", f"v{i}", 0, f"CREATE VIEW v{i} AS SELECT * FROM t, t, t") for i in range(n)), path)
