"""Twenty thousand views beside one table."""
from hostile import database, insert_schema, rows

database("CREATE TABLE t(id, v);" + rows(5))
insert_schema(("view", f"v{i}", f"v{i}", 0, f"CREATE VIEW v{i} AS SELECT * FROM t, t, t") for i in range(20000))
