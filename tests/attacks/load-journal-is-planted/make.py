"""Journals that look hot, and the same name as a link, a pipe and a folder."""
import os

from hostile import database, rows, write

for name in ("hot", "link", "pipe", "folder", "over"):
    database("CREATE TABLE t(id, v);" + rows(3), f"{name}.sqlite")
write("hot.sqlite-journal", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(1000))
os.symlink("/etc/passwd", "link.sqlite-journal")
os.mkfifo("pipe.sqlite-journal")
os.mkdir("folder.sqlite-journal")
write("over.sqlite-journal", bytes(512))
