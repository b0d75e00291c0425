"""An application that is still at work: the mended row is in the log alone."""
import os
import shutil
import sqlite3

db = sqlite3.connect("live", isolation_level=None)
db.executescript("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t(id, v);"
                 "INSERT INTO t VALUES (1, 1000); PRAGMA wal_checkpoint(TRUNCATE);"
                 "UPDATE t SET v = 1; INSERT INTO t VALUES (2, 2);")
for suffix in ("", "-wal", "-shm"):
    shutil.copyfile(f"live{suffix}", f"source.sqlite{suffix}")
shutil.copyfile("live", "alone.sqlite")
db.close()
for name in os.listdir("."):
    if name.startswith("live"):
        os.unlink(name)
