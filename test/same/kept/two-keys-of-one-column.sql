-- The second foreign key of a column gets a number, by which it is dropped; that locks the table that it leads to.
-- file 1
CREATE TABLE t1 (id int PRIMARY KEY);

CREATE TABLE t2 (id int PRIMARY KEY, a int REFERENCES t1);

ALTER TABLE t2 ADD FOREIGN KEY (a) REFERENCES t1 (id);

INSERT INTO t1 VALUES (1);

CREATE TABLE t3 AS SELECT * FROM t1;

ALTER TABLE t2 RENAME CONSTRAINT t2_a_fkey1 TO f1;

CREATE TABLE t4 AS SELECT * FROM t1;

ALTER TABLE t2 DROP CONSTRAINT f1;

ALTER TABLE t2 ADD FOREIGN KEY (a) REFERENCES t1 (id);

CREATE TABLE t5 AS SELECT * FROM t1;

ALTER TABLE t2 DROP CONSTRAINT t2_a_fkey1;
