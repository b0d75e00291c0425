"""One leaf page with cells that are somewhere else, one file for each."""
import struct

from hostile import database, image, page_at, patch, root_page, rows

SIZE = 512


def make(name, change):
    path = f"{name}.sqlite"
    database(f"PRAGMA page_size={SIZE}; CREATE TABLE t(id, v);" + rows(20), path)
    page = page_at(root_page("t", path), path)
    data = image(path)[page:page + SIZE]
    patch([(page + at, new) for at, new in change(data)], path)


def pointer(data, cell):
    return struct.unpack(">H", data[8 + 2 * cell:10 + 2 * cell])[0]


make("same", lambda d: [(8 + 2 * i, d[8:10]) for i in range(20)])
make("overlap", lambda d: [(8 + 2 * i, struct.pack(">H", pointer(d, i) - 3)) for i in range(1, 20)])
make("beyond", lambda d: [(8 + 2 * i, b"\xff\xff") for i in range(20)])
make("end", lambda d: [(8 + 2 * i, struct.pack(">H", SIZE - 1)) for i in range(20)])
make("in-header", lambda d: [(8 + 2 * i, struct.pack(">H", 4)) for i in range(20)])
make("count", lambda d: [(3, b"\xff\xff")])
make("content", lambda d: [(5, b"\x00\x01")])
make("payload", lambda d: [(pointer(d, 3), b"\xff\xff\xff\xff\xff\xff\xff\xff\x7f")])
make("columns", lambda d: [(pointer(d, 3) + 2, b"\x7f")])
make("type", lambda d: [(pointer(d, 3) + 3, b"\x7f")])
make("reserved-type", lambda d: [(pointer(d, 3) + 3, b"\x0a")])
make("page-type", lambda d: [(0, b"\x0a")])
make("interior", lambda d: [(0, b"\x05")])
make("free-blocks", lambda d: [(1, struct.pack(">H", 200)), (200, struct.pack(">HH", 200, 500))])
