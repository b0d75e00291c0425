"""Packages whose one resource is elsewhere; each package in a folder of its own name."""
import json
import os

from hostile import write

HONEST = "id,v\n1,2\n"
write("outside.csv", HONEST)
with open("datapackage.json", encoding="utf-8") as file:
    package = json.load(file)
os.makedirs("below/in")
write("below/t.csv", HONEST)
os.symlink("../outside.csv", "below/link.csv")
os.symlink("..", "below/up")
os.symlink("in", "below/folder-link")
write("below/in/t.csv", HONEST)
os.mkfifo("below/pipe.csv")
os.mkdir("below/folder.csv")
os.symlink("/dev/zero", "below/device.csv")
PATHS = {"up": "../outside.csv", "around": "in/../../outside.csv", "root": "/etc/passwd", "link": "link.csv", "through": "up/outside.csv",
         "inner": "folder-link/t.csv", "pipe": "pipe.csv", "folder": "folder.csv", "device": "device.csv", "uri": "file:t.csv",
         "web": "https://example.org/t.csv", "fd": "/proc/self/fd/0", "nul": "t.csv\0.csv", "blank": "", "dot": ".",
         "none": "nowhere.csv"}
for name, path in PATHS.items():
    package["resources"][0]["path"] = path
    write(f"below/{name}.json", json.dumps(package))
os.unlink("datapackage.json")
