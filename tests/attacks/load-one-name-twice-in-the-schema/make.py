"""Schema rows that contradict each other."""
from hostile import database, insert_schema, rewrite_schema, root_page, rows

database("CREATE TABLE t(id, v);" + rows(5), "twice.sqlite")
insert_schema([("table", "t", "t", root_page("t", "twice.sqlite"), "CREATE TABLE t(id, v)")], "twice.sqlite")
database("CREATE TABLE t(id, v);" + rows(5) + "CREATE TABLE u(id, v);", "shared.sqlite")
rewrite_schema([("rootpage = ?", "name = 'u'", root_page("t", "shared.sqlite"))], "shared.sqlite")
database("CREATE TABLE t(id, v);" + rows(5) + "CREATE VIEW w AS SELECT 1 AS id, 2 AS v;", "view.sqlite")
rewrite_schema([("name = 't', tbl_name = 't', sql = 'CREATE VIEW t AS SELECT 1 AS id, 2 AS v'", "name = 'w'")],
               "view.sqlite")
database("CREATE TABLE t(id, v);" + rows(5), "first.sqlite")
rewrite_schema([("rootpage = 1", "name = 't'")], "first.sqlite")
database("CREATE TABLE t(id, v);" + rows(5), "beyond.sqlite")
rewrite_schema([("rootpage = 4000000", "name = 't'")], "beyond.sqlite")
database("CREATE TABLE t(id, v);" + rows(5) + "CREATE INDEX i ON t(v);", "index.sqlite")
rewrite_schema([("rootpage = ?", "name = 't'", root_page("i", "index.sqlite"))], "index.sqlite")
