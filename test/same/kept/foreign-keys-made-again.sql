-- Another type of a column, and its end, take the triggers of foreign keys away from the other table: whoever reads that waits.
-- file 1
CREATE TABLE t1 (id int PRIMARY KEY);

CREATE TABLE t2 (id int REFERENCES t1);

ALTER TABLE t1 ALTER COLUMN id TYPE bigint;

SELECT * FROM t2;

ALTER TABLE t2 ALTER COLUMN id TYPE bigint;

SELECT * FROM t1;

ALTER TABLE t2 DROP COLUMN id;

SELECT * FROM t1;
