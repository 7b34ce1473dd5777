-- A query's column can be rows of a table, with which it goes.
-- file 1
CREATE TABLE t1 (id int, n int);

INSERT INTO t1 VALUES (1, 1);

CREATE TABLE t2 AS SELECT t1 AS r, 5 AS n FROM t1;

CREATE VIEW v2 AS SELECT n FROM t2;

DROP TABLE t1 CASCADE;

ALTER TABLE t2 ADD COLUMN r int;
