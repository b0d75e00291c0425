"""One bad value in the second of three rows, one table for each."""
from hostile import database

VALUES = {
    "blob": "x'00ff'",
    "nul": "cast(x'31003200' as text)",
    "utf8": "cast(x'31ff' as text)",
    "inf": "9e999",
    "huge": "9223372036854775807",
    "tiny": "-9223372036854775808",
    "half": "1.5",
    "text": "'1; DROP TABLE t'",
    "blank": "'   x'",
    "hexadecimal": "'0x10'",
    "quotes": "'\"1\"'",
    "long": "replace(hex(zeroblob(100000)), '0', '7')",
}
for name, value in VALUES.items():
    database(f"CREATE TABLE {name}(id INTEGER, v INTEGER); INSERT INTO {name} VALUES (1, 2), (2, {value}), (3, 4);")
database("CREATE TABLE nobody(id, v); INSERT INTO nobody VALUES (1, 2), (NULL, 3), (3, 4);")
database("CREATE TABLE nameless(id, v); INSERT INTO nameless VALUES (1, 2), (x'01', 3), (3, 4);")
