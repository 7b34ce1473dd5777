-- PostgreSQL 18: a NOT NULL has a name, which a renamed table keeps and a copy takes along; the next table gets a number.
-- file 1
CREATE TABLE t1 (n int NOT NULL);

CREATE TABLE t2 (LIKE t1);

DROP TABLE t1;

CREATE TABLE t1 (n int PRIMARY KEY);

ALTER TABLE t2 ALTER COLUMN n DROP NOT NULL;

CREATE TABLE t3 (m serial);

ALTER TABLE t3 RENAME TO t4;

CREATE TABLE t3 (m int GENERATED ALWAYS AS IDENTITY);

ALTER TABLE t4 DROP COLUMN m;
