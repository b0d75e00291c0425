"""An honest database with one field of its header changed, one file for each."""
import struct

from hostile import database, image, patch, rows, write

database("PRAGMA page_size=1024; CREATE TABLE t(id, v);" + rows(200), "honest.sqlite")
honest = image("honest.sqlite")
FIELDS = {
    "magic": (0, b"SQLite format 4"),
    "size-small": (16, struct.pack(">H", 512)),
    "size-large": (16, struct.pack(">H", 32768)),
    "size-odd": (16, struct.pack(">H", 1000)),
    "size-none": (16, struct.pack(">H", 0)),
    "size-one": (16, struct.pack(">H", 1)),
    "write-version": (18, b"\x7f"),
    "read-version": (19, b"\x7f"),
    "all-reserved": (20, b"\xff"),
    "fractions": (21, b"\x00\x00\x00"),
    "pages-many": (28, struct.pack(">I", 0xFFFFFFFF)),
    "pages-none": (28, struct.pack(">I", 0)),
    "freelist": (32, struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF)),
    "schema-format": (44, struct.pack(">I", 99)),
    "root-vacuum": (52, struct.pack(">I", 0xFFFFFFFF)),
    "encoding-utf16": (56, struct.pack(">I", 2)),
    "encoding-none": (56, struct.pack(">I", 77)),
    "valid-for": (92, struct.pack(">I", 0)),
}
for name, (offset, data) in FIELDS.items():
    write(f"{name}.sqlite", honest)
    patch([(offset, data)], f"{name}.sqlite")
