"""-wal and -shm as link, pipe and folder."""
import os

from hostile import database, rows

for suffix in ("wal", "shm"):
    for kind in ("link", "pipe", "folder", "dangling"):
        path = f"{suffix}-{kind}.sqlite"
        database("CREATE TABLE t(id, v);" + rows(3), path)
        beside = f"{path}-{suffix}"
        if kind == "link":
            os.symlink("/etc/passwd", beside)
        elif kind == "dangling":
            os.symlink("nowhere", beside)
        elif kind == "pipe":
            os.mkfifo(beside)
        else:
            os.mkdir(beside)
