"""Texts that are nearly CSV; each in a package of its own name."""
import json

from hostile import write

FILES = {
    "nul": b"id,v\n1,2\0\n", "utf8": b"id,v\n1,\xff\xfe\n", "wide": "id,v\n1,2\n".encode("utf-16"),
    "return": b"id,v\r1,2\r2,3\r", "escape": b"id,v\n1,\x1b[31mSECRET\n", "header": b"id,\x1b]0;SECRET\x07v\n1,2\n",
    "bidi": "id,\u202ev\n1,2\n".encode(), "twice": b"id,v,v\n1,2,3\n", "short": b"id,v\n1\n", "long": b"id,v\n1,2,3\n",
    "formula": b"id,v\n1,=1+1\n", "command": b"id,v\n1,=cmd|' /C calc'!A0\n", "quote": b'id,v\n1,2"3\n', "after": b'id,v\n1,"2"3\n',
    "many": b"id,v" + b",c" * 70000 + b"\n", "infinite": b"id,v\n1,inf\n", "nan": b"id,v\n1,nan\n", "beyond": b"id,v\n1,100\n",
    "overflow": b"id,v\n1,99999999999999999999\n", "exponent": b"id,v\n1,1e400\n", "nobody": b"id,v\n,2\n",
    "line": b"id,v\n1,2\n\n3,x\n", "empty": b"", "none": b"id,v", "sqlite": b"SQLite format 3\0" + bytes(2000),
}
with open("datapackage.json", encoding="utf-8") as file:
    package = json.load(file)
for name, data in FILES.items():
    write(f"{name}.csv", data)
    package["resources"][0]["path"] = f"{name}.csv"
    write(f"{name}.json", json.dumps(package))
