#!/usr/bin/env python3
"""segment_reader.py DIR [--fresh PROGRAM] - a third reader of segments, in another language: written from docs/formats.md
alone, it reads DIR/segment-v1.seg with the key in DIR/segment-v1.txt and compares every value, zone and count with the
rows there. With --fresh it does the same to a segment that PROGRAM (test_vault_independent) writes now."""
import ctypes
import ctypes.util
import hashlib
import hmac
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

FRESH_ROWS = 65536 + 3000  # two row groups
ENCODINGS = {1, 2, 3, 4, 5}


def libcrypto():
    lib = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
    for name in ("EVP_CIPHER_CTX_new", "EVP_aes_256_gcm"):
        getattr(lib, name).restype = ctypes.c_void_p
    return lib


LIB = libcrypto()
SET_TAG = 0x11


def decipher(key, nonce, bound, sealed, tag):
    """The plaintext; raises unless it is what was sealed."""
    ctx = ctypes.c_void_p(LIB.EVP_CIPHER_CTX_new())
    out = ctypes.create_string_buffer(len(sealed) + 16)
    n = ctypes.c_int(0)
    ok = LIB.EVP_DecryptInit_ex(ctx, ctypes.c_void_p(LIB.EVP_aes_256_gcm()), None, key, nonce) == 1
    ok = ok and LIB.EVP_DecryptUpdate(ctx, None, ctypes.byref(n), bound, len(bound)) == 1
    ok = ok and LIB.EVP_DecryptUpdate(ctx, out, ctypes.byref(n), sealed, len(sealed)) == 1
    ok = ok and LIB.EVP_CIPHER_CTX_ctrl(ctx, SET_TAG, 16, ctypes.c_char_p(tag)) == 1
    rest = ctypes.create_string_buffer(16)
    ok = ok and LIB.EVP_DecryptFinal_ex(ctx, rest, ctypes.byref(n)) == 1
    LIB.EVP_CIPHER_CTX_free(ctx)
    if not ok:
        raise ValueError("not what was sealed")
    return out.raw[: len(sealed)]


def hkdf(key, info):
    return hmac.digest(hmac.digest(bytes(32), key, "sha256"), info.encode() + b"\x01", "sha256")


class Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        part = self.data[self.at : self.at + n]
        assert len(part) == n, "cut short"
        self.at += n
        return part

    def number(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))[0]

    def packed(self, n, width):
        """n numbers of `width` bits, the first in the lowest bits of one large number."""
        whole = int.from_bytes(self.take((n * width + 7) // 8), "little")
        assert whole >> (n * width) == 0, "bits behind the last number"
        text = bin(whole)[2:].zfill(n * width) if width else ""
        return [int(text[(n - 1 - i) * width : (n - i) * width], 2) if width else 0 for i in range(n)]

    def end(self):
        assert self.at == len(self.data), "bytes left over"


def signed(v):
    v %= 1 << 64
    return v - (1 << 64) if v >> 63 else v


def read_values(c, encoding, rows):
    if encoding == 1:
        return [c.number("q") for _ in range(rows)]
    n = c.number("I") if encoding >= 4 else 0
    base = c.number("q") if encoding in (3, 5) else 0
    width = c.number("B")
    if encoding == 5:
        length_width = c.number("B")
        values = c.packed(n, width)
        lengths = c.packed(n, length_width)
        return [signed(base + v) for v, length in zip(values, lengths) for _ in range(length + 1)]
    if encoding == 4:
        entries = [c.number("q") for _ in range(n)]
        assert entries == sorted(set(entries))
        return [entries[i] for i in c.packed(rows, width)]
    return [signed(base + v) for v in c.packed(rows, width)]


def read_chunk(plain, encoding, rows):
    c = Cursor(plain)
    nulls = c.packed(rows, 1) if c.number("B") == 1 else [0] * rows
    values = read_values(c, encoding, rows)
    c.end()
    assert len(values) == rows
    return [None if null else v for v, null in zip(values, nulls)]


class Segment:
    def __init__(self, data, key):
        self.data, self.key = data, key
        assert data[:8] == b"SLUICESG" and data[-8:] == b"SLUICEND"
        form, self.ncolumns = struct.unpack("<II", data[8:16])
        self.id = data[16:32]
        offset, size, again = struct.unpack("<QII", data[-40:-24])
        assert form == 1 and again == 1 and offset + size + 40 == len(data)
        manifest = decipher(hkdf(key, "sluice segment v0 manifest"), bytes(12), data[:32] + data[-40:-28],
                            data[offset : offset + size], data[-24:-8])
        self.encodings = set()
        self.read_manifest(Cursor(manifest))

    def read_manifest(self, m):
        assert m.take(16) == self.id
        self.rows, self.units = m.number("Q"), m.number("Q")
        groups = [(m.number("I"), m.number("Q"), m.number("Q")) for _ in range(m.number("I"))]
        assert m.number("I") == self.ncolumns
        self.columns = [self.read_column(m, c, [rows for rows, _, _ in groups]) for c in range(self.ncolumns)]
        m.end()

    def open(self, column, nonce, at, size, tag, group, rows, encoding):
        bound = b"SLUICESG" + struct.pack("<I", 1) + self.id + struct.pack("<IIII", column, group, rows, encoding)
        return decipher(hkdf(self.key, f"sluice segment v0 column {column}"), nonce, bound, self.data[at : at + size],
                        tag)

    def read_column(self, m, column, group_rows):
        m.take(m.number("I"))
        m.take(6)
        has_missing = m.number("B")
        assert m.number("I") == len(group_rows)
        found, zones = [], []
        for group, rows in enumerate(group_rows):
            encoding, at, size, tag = m.number("B"), m.number("Q"), m.number("I"), m.take(16)
            plain = self.open(column, struct.pack("<IQ", group, 0), at, size, tag, group, rows, encoding)
            values = read_chunk(plain, encoding, rows)
            there = [v for v in values if v is not None]
            zones.append((min(there, default=2**63 - 1), max(there, default=-(2**63)), rows - len(there)))
            self.encodings.add(encoding)
            found += values
        at, size, tag = m.number("Q"), m.number("I"), m.take(16)
        plain = self.open(column, struct.pack("<IQ", 0, 1), at, size, tag, 0xFFFFFFFF, len(group_rows), 0)
        assert list(struct.iter_unpack("<qqI", plain)) == zones, f"zones of column {column}"
        assert has_missing == (None in found)
        return found


def compare(directory):
    lines = (directory / "segment-v1.txt").read_text().splitlines()
    said = dict(line.split(" ") for line in lines[:3])
    rows = [[int(cell) if cell else None for cell in line.split(",")] for line in lines[3:]]
    data = (directory / "segment-v1.seg").read_bytes()
    assert hashlib.sha256(data).hexdigest() == said["version"]
    segment = Segment(data, bytes.fromhex(said["key"]))
    assert segment.id.hex() == said["id"] and segment.rows == len(rows)
    assert segment.units == len({row[0] for row in rows})
    assert [list(row) for row in zip(*segment.columns)] == rows
    assert segment.encodings == ENCODINGS, segment.encodings
    print(f"{directory}: {len(rows)} rows, {segment.ncolumns} columns, encodings {sorted(segment.encodings)}: as written")


def main(args):
    compare(Path(args[0]))
    if len(args) == 3 and args[1] == "--fresh":
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run([args[2], "write", directory, str(FRESH_ROWS)], check=True)
            compare(Path(directory))


if __name__ == "__main__":
    main(sys.argv[1:])
