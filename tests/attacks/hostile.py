"""hostile.py - what the generators of hostile sources share: databases by SQL, and bytes changed in them."""
import os
import sqlite3
import struct

FILE = "source.sqlite"


def database(sql, path=FILE):
    """A database made by SQL, by the library itself; closed. Python's own functions are not in it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(sql)
    db.close()


def rows(n, table="t"):
    """n honest rows: id, v."""
    return (f"INSERT INTO {table}(id, v) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n})"
            " SELECT i, i % 100 FROM n;")


def rewrite_schema(changes, path=FILE):
    """Change rows of the schema table as no CREATE would: SQL for SET and WHERE, and values for it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA writable_schema=ON")
    for what, where, *values in changes:
        changed = db.execute(f"UPDATE sqlite_schema SET {what} WHERE {where}", values).rowcount
        assert changed == 1, (what, where, changed)
    db.close()


def insert_schema(objects, path=FILE):
    """More rows of the schema table: type, name, table, root page, text."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA writable_schema=ON")
    db.executemany("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", objects)
    db.commit()
    db.close()


def create_is(sql, name="t", path=FILE):
    """The text the schema keeps for an object is now sql."""
    rewrite_schema([("sql = ?", f"name = '{name}'", sql)], path)


def patch(changes, path=FILE):
    """Bytes at offsets."""
    with open(path, "r+b") as file:
        for offset, data in changes:
            file.seek(offset)
            file.write(data)


def image(path=FILE):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def root_page(name="t", path=FILE):
    db = sqlite3.connect(path)
    (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    db.close()
    return page


def page_size(path=FILE):
    size = struct.unpack(">H", image(path)[16:18])[0]
    return 65536 if size == 1 else size


def page_at(number, path=FILE):
    """Where a page begins."""
    return (number - 1) * page_size(path)


def package(old, new):
    """The data package, with one text put for another."""
    with open("datapackage.json", encoding="utf-8") as file:
        text = file.read()
    assert old in text, old
    write("datapackage.json", text.replace(old, new))


def big(path, text, n):
    """A file of text written n times."""
    with open(path, "wb") as file:
        for _ in range(n):
            file.write(text)
    return os.path.getsize(path)
