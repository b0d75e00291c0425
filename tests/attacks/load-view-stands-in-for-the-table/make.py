"""Views under the name of the table, each with something that would run."""
from hostile import database

VIEWS = {
    "extension": "SELECT 1 AS id, load_extension('x.so') AS v",
    "pointer": "SELECT 1 AS id, fts3_tokenizer('simple') AS v",
    "pragma": "SELECT 1 AS id, file AS v FROM pragma_database_list",
    "functions": "SELECT 1 AS id, name AS v FROM pragma_function_list",
    "forever": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 1 AS v FROM n",
    "sorted": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id, 1 AS v FROM n ORDER BY -i",
    "cross": "SELECT a.id, 1 AS v FROM base a, base b, base c, base d ORDER BY random()",
    "format": "SELECT 1 AS id, printf('%.*c', 500000000, 'x') AS v",
    "blob": "SELECT 1 AS id, hex(zeroblob(400000000)) AS v",
    "pattern": "SELECT 1 AS id, hex(zeroblob(20000)) LIKE replace(hex(zeroblob(20000)), '0', '%_') AS v",
    "replaced": "SELECT 1 AS id, replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000))) AS v",
    "random": "SELECT 1 AS id, random() AS v",
    "now": "SELECT 1 AS id, strftime('%s', 'now', 'localtime') AS v",
    "version": "SELECT 1 AS id, sqlite_source_id() AS v",
    "json": "SELECT key AS id, value AS v FROM json_each('[1,2,3]')",
    "series": "SELECT value AS id, 1 AS v FROM generate_series(1, 1000000000)",
    "unknown": "SELECT 1 AS id, edit('x') AS v",
    "itself": "SELECT id, v FROM itself",
}
database("CREATE TABLE base(id, v); INSERT INTO base VALUES (1, 2);")
for name, select in VIEWS.items():
    database(f"CREATE VIEW \"{name}\" AS {select};")
