"""Everything a path can be but a file."""
import os
import socket

from hostile import database, rows

database("CREATE TABLE t(id, v);" + rows(3), "real.sqlite")
os.symlink("real.sqlite", "link.sqlite")
os.symlink("/dev/zero", "device.sqlite")
os.mkfifo("pipe.sqlite")
os.mkdir("folder.sqlite")
socket.socket(socket.AF_UNIX).bind("socket.sqlite")
os.symlink("round.sqlite", "round.sqlite")
