"""Tables whose column v is generated, by calls that would hurt."""
from hostile import create_is, database

CALLS = {
    "format": "printf('%.*c', 500000000, 'x')",
    "blob": "hex(zeroblob(400000000))",
    "plain": "id + 1",
    "extension": "load_extension('x')",
    "pointer": "fts3_tokenizer('simple')",
    "unknown": "nothing(id)",
}
for name, call in CALLS.items():
    database("CREATE TABLE t(id, v AS (abs(id))); INSERT INTO t(id) VALUES (1);", f"{name}.sqlite")
    create_is(f"CREATE TABLE t(id, v AS ({call}))", "t", f"{name}.sqlite")
database("CREATE TABLE t(id, v AS (abs(id)) STORED); INSERT INTO t(id) VALUES (1);", "stored.sqlite")
