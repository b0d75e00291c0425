"""Trees, overflow chains and free lists that lead back to where they came from."""
import struct

from hostile import database, image, page_at, patch, root_page, rows

SIZE = 512
tree = "tree.sqlite"
database(f"PRAGMA page_size={SIZE}; CREATE TABLE t(id, v, w);" +
         "INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
         " SELECT i, 1, hex(zeroblob(100)) FROM n;", tree)
root = page_at(root_page("t", tree), tree)
data = image(tree)
cells = struct.unpack(">H", data[root + 3:root + 5])[0]
itself = struct.pack(">I", root_page("t", tree))
patch([(root + struct.unpack(">H", data[root + 12 + 2 * i:root + 14 + 2 * i])[0], itself) for i in range(cells)] +
      [(root + 8, itself)], tree)

for name, chain in {"self": lambda page, pages: page, "back": lambda page, pages: pages[0], "root": lambda page, pages: 2,
                    "schema": lambda page, pages: 1, "beyond": lambda page, pages: 9999999}.items():
    path = f"overflow-{name}.sqlite"
    database(f"PRAGMA page_size={SIZE}; CREATE TABLE t(id, v); CREATE TABLE spare(x);"
             "INSERT INTO t VALUES (1, hex(zeroblob(3000)));", path)
    pages = range(5, len(image(path)) // SIZE)
    patch([(page_at(page, path), struct.pack(">I", chain(page, pages))) for page in pages], path)

database(f"PRAGMA page_size={SIZE}; CREATE TABLE t(id, v); CREATE TABLE gone(x);" + rows(30) +
         "INSERT INTO gone VALUES (zeroblob(20000)); DROP TABLE gone;", "free.sqlite")
trunk = struct.unpack(">I", image("free.sqlite")[32:36])[0]
patch([(page_at(trunk, "free.sqlite"), struct.pack(">II", trunk, 0xFFFFFFFF))], "free.sqlite")
