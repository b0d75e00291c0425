"""One file for each: the schema text of t is another statement."""
from hostile import create_is, database, rows

TEXTS = {
    "attach": "ATTACH '/etc/passwd' AS t",
    "pragma": "PRAGMA writable_schema=1",
    "select": "CREATE TABLE t AS SELECT load_extension('x') AS id, 1 AS v",
    "vacuum": "VACUUM INTO 'stolen'",
    "drop": "DROP TABLE t",
    "explain": "EXPLAIN CREATE TABLE t(id, v)",
    "insert": "INSERT INTO t VALUES (1, 2)",
    "trigger": "CREATE TRIGGER t AFTER INSERT ON u BEGIN SELECT load_extension('x'); END",
    "virtual": "CREATE VIRTUAL TABLE t USING fts3(id, v, tokenize=simple)",
}
for name, text in TEXTS.items():
    path = f"{name}.sqlite"
    database("CREATE TABLE t(id, v); CREATE TABLE u(id, v);" + rows(5), path)
    create_is(text, "t", path)
