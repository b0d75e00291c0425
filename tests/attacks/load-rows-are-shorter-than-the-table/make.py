"""Rows of one value, and a schema text that gives the second a computed default."""
from hostile import create_is, database

for name, default in {"format": "(printf('%.*c', 500000000, 'x'))", "extension": "(load_extension('x'))",
                      "blob": "(zeroblob(1000000000))", "moment": "CURRENT_TIMESTAMP"}.items():
    database(f"CREATE TABLE {name}(id); INSERT INTO {name} VALUES (1), (2), (3);")
    create_is(f"CREATE TABLE {name}(id, v DEFAULT {default})", name)
