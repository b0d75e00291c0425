"""Schema texts with something behind, or hidden in, the CREATE TABLE."""
from hostile import create_is, database, rows

TEXTS = {
    "vacuum": "CREATE TABLE {}(id, v); VACUUM INTO 'stolen'",
    "attach": "CREATE TABLE {}(id, v); ATTACH '/etc/passwd' AS p",
    "dropped": "CREATE TABLE {}(id, v); DROP TABLE other",
    "comment": "CREATE TABLE {}(id, v) /* -- ; */ -- PRAGMA writable_schema=1",
    "unclosed": "CREATE TABLE {}(id, v) /* ",
    "nul": "CREATE TABLE {}(id, v)\0; VACUUM INTO 'stolen'",
    "temp": "CREATE TEMP TABLE {}(id, v)",
    "ifnot": "CREATE TABLE IF NOT EXISTS {}(id, v)",
}
database("CREATE TABLE other(id, v);" + "".join(f"CREATE TABLE {n}(id, v);" + rows(5, n) for n in TEXTS))
for name, text in TEXTS.items():
    database("SELECT 1;")
    create_is(text.format(name), name)
