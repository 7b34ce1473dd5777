-- A table's rows are within a column's type through a domain or a view: the table cannot change meanwhile.
-- file 1
CREATE TABLE t4 (id int);

CREATE DOMAIN dm AS t4;

ALTER TABLE t4 ADD COLUMN y text DEFAULT 'one';

CREATE TABLE t3 (r dm);

DROP TABLE t3;

ALTER TABLE t4 ADD COLUMN z text DEFAULT 'two';

CREATE VIEW v1 AS SELECT t4 AS r FROM t4;

CREATE TABLE t5 (r v1);

DROP TABLE t5;

ALTER TABLE t4 ADD COLUMN k text DEFAULT 'two';
