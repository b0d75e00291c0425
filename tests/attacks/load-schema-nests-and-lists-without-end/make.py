"""One file for each excess in a view or a check beside the table."""
from hostile import create_is, database, rows


def with_view(path, select):
    database("CREATE TABLE t(id, v); CREATE VIEW w AS SELECT 1;" + rows(5), path)
    create_is(f"CREATE VIEW w AS {select}", "w", path)


with_view("honest.sqlite", " UNION ALL ".join(["SELECT id FROM t"] * 40))
with_view("most-arms.sqlite", " UNION ALL ".join(["SELECT id FROM t"] * 500))
with_view("most-terms.sqlite", "SELECT " + "+".join(["id"] * 990) + " FROM t WHERE " + " OR ".join(["id"] * 990))
with_view("arms.sqlite", " UNION ALL ".join(["SELECT id FROM t"] * 5000))
with_view("deep.sqlite", "SELECT " + "(" * 5000 + "1" + ")" * 5000)
with_view("chain.sqlite", "SELECT " + "+".join(["1"] * 90000))
with_view("order.sqlite", "SELECT * FROM t ORDER BY " + ",".join(["v"] * 40000))
with_view("joins.sqlite", "SELECT * FROM " + ",".join(["t"] * 1000))
with_view("with.sqlite", "WITH " + ",".join(f"a{i} AS (SELECT 1)" for i in range(5000)) + " SELECT 1")
database("CREATE TABLE t(id, v);" + rows(5), "check.sqlite")
create_is("CREATE TABLE t(id, v CHECK (" + "NOT " * 20000 + "v))", "t", "check.sqlite")
database("CREATE TABLE t(id, v);" + rows(5), "columns.sqlite")
create_is("CREATE TABLE t(id, v, " + ",".join(f"c{i}" for i in range(40000)) + ")", "t", "columns.sqlite")
