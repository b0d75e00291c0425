"""Resources that are not quite gzip; each in a package of its own name."""
import gzip
import json

from hostile import write

whole = gzip.compress(b"id,v\n" + b"".join(b"%d,1\n" % i for i in range(5000)))
FILES = {
    "text": b"id,v\n1,2\n", "empty": b"", "cut": whole[:-1], "half": whole[:len(whole) // 2], "head": whole[:10],
    "sum": whole[:-8] + b"\0\0\0\0" + whole[-4:], "length": whole[:-4] + b"\xff\xff\xff\xff",
    "behind": whole + b"garbage", "zeros": whole + bytes(100) + b"x", "second": whole + whole[:20],
    "flip": whole[:200] + bytes([whole[200] ^ 255]) + whole[201:], "reserved": whole[:3] + b"\xe0" + whole[4:],
    "name": whole[:3] + b"\x08" + whole[4:10] + b"a" * 100000, "zlib": b"\x78\x9c" + whole[10:],
    "nothing": gzip.compress(b"") * 20000,
}
with open("datapackage.json", encoding="utf-8") as file:
    package = json.load(file)
for name, data in FILES.items():
    write(f"{name}.csv.gz", data)
    package["resources"][0]["path"] = f"{name}.csv.gz"
    write(f"{name}.json", json.dumps(package))
