"""Logs that are not the file's own."""
import os
import random
import shutil
import sqlite3
import struct

from hostile import database, image, rows, write

random.seed(7)


def live(path, sql):
    """What lies in the folder while the application is open."""
    db = sqlite3.connect("live", isolation_level=None)
    db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id, v);" + rows(3) +
                     "PRAGMA wal_checkpoint(TRUNCATE);" + sql)
    for suffix in ("", "-wal"):
        shutil.copyfile(f"live{suffix}", f"{path}{suffix}")
    db.close()
    os.unlink("live")


live("whole.sqlite", "UPDATE t SET v = 1000;")
log = image("whole.sqlite-wal")
for name, changed in {
    "random": bytes(random.randrange(256) for _ in range(5000)),
    "magic": b"\x37\x7f\x06\x82" + bytes(random.randrange(256) for _ in range(8188)),
    "checksum": log[:40] + b"\xff" * 8 + log[48:],
    "page": log[:32] + struct.pack(">I", 0x7FFFFFFF) + log[36:],
    "commit": log[:36] + struct.pack(">I", 0xFFFFFFFF) + log[40:],
    "cut": log[:len(log) - 100],
    "byte": log[:1],
}.items():
    database("PRAGMA journal_mode=WAL; CREATE TABLE t(id, v);" + rows(3), f"{name}.sqlite")
    write(f"{name}.sqlite-wal", changed)
database("CREATE TABLE t(id, v);" + rows(3), "rollback.sqlite")
write("rollback.sqlite-wal", log)
