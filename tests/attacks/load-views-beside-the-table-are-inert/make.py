"""An honest table, and beside it views, triggers and indexes that would run."""
from hostile import database, rows

database("CREATE TABLE t(id, v);" + rows(50) + """
CREATE VIEW extension AS SELECT load_extension('x.so');
CREATE VIEW pointer AS SELECT fts3_tokenizer('simple');
CREATE VIEW forever AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
CREATE VIEW format AS SELECT printf('%.*c', 500000000, 'x');
CREATE VIEW pragma AS SELECT * FROM pragma_database_list;
CREATE VIEW round AS SELECT * FROM trip;
CREATE VIEW trip AS SELECT * FROM round;
CREATE VIEW three AS SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3;
CREATE TRIGGER r1 AFTER INSERT ON t BEGIN INSERT INTO t VALUES (new.id + 1, 1); END;
CREATE TRIGGER r2 BEFORE DELETE ON t BEGIN SELECT load_extension('x.so'); END;
CREATE TRIGGER r3 INSTEAD OF INSERT ON three BEGIN DELETE FROM t; END;
CREATE INDEX i1 ON t(abs(v));
CREATE INDEX i2 ON t(v) WHERE v LIKE '%a%_%a%_%a%';
""")
