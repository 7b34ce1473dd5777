-- A CHECK is called after the one column that it names, also when it is the table's.
-- file 1
CREATE TABLE t1 (a int, CHECK (a > 0));

ALTER TABLE t1 RENAME TO t2;

CREATE TABLE t1 (a int CHECK (a > 0));

CREATE TABLE t3 (b int, c int CHECK (b > 0));

ALTER TABLE t3 RENAME TO t4;

CREATE TABLE t3 (b int CHECK (b > 0));

DROP TABLE t2, t4;
