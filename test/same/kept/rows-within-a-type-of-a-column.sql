-- A table's rows are within the composite type of a column: the table cannot change meanwhile.
-- file 1
CREATE TABLE t4 (id int);

CREATE TYPE ct4 AS (x t4, y int);

ALTER TABLE t4 ADD COLUMN y text DEFAULT 'one';

CREATE TABLE t3 (r ct4, z int);

DROP TABLE t3;

ALTER TABLE t4 ADD COLUMN z text DEFAULT 'two';

CREATE TABLE t5 OF ct4;

DROP TABLE t5;

ALTER TABLE t4 ALTER id TYPE bigint;

CREATE TABLE t6 (a int);

ALTER TABLE t6 ADD r ct4[];

ALTER TABLE t6 DROP r;

ALTER TABLE t4 ALTER id TYPE int;
