"""Cuts, lengthens and overwrites both sources until it is stopped."""
import os
import random
import time

random.seed(3)
files = [open(path, "r+b") for path in ("t.csv", "source.sqlite")]
sizes = [os.path.getsize(file.name) for file in files]
end = time.monotonic() + 20
while time.monotonic() < end:
    for file, size in zip(files, sizes):
        os.ftruncate(file.fileno(), random.randrange(size))
        os.ftruncate(file.fileno(), size + random.randrange(100000))
        os.pwrite(file.fileno(), b"9" * 1000, random.randrange(size))
