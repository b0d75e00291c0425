"""Full text and R-tree tables with shadows that were tampered with."""
import sqlite3

from hostile import FILE, database, rows

database("""
CREATE VIRTUAL TABLE f3 USING fts3(id, v); INSERT INTO f3 VALUES ('1', '2');
CREATE VIRTUAL TABLE f4 USING fts4(id, v); INSERT INTO f4 VALUES ('1', '2');
CREATE VIRTUAL TABLE f5 USING fts5(id, v); INSERT INTO f5 VALUES ('1', '2');
CREATE VIRTUAL TABLE r USING rtree(id, v, w); INSERT INTO r VALUES (1, 2, 3);
CREATE TABLE t(id, v);""" + rows(20))
db = sqlite3.connect(FILE, isolation_level=None)
for table, column in (("f3_segdir", "root"), ("f4_segdir", "root"), ("f5_data", "block"), ("r_node", "data")):
    db.execute(f"UPDATE {table} SET {column} = x'ffffffff7f00010203ffffffffffffff7f'")
db.close()
