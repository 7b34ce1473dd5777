-- A text becomes a name where the column has such a type: then, and whenever the table is named.
-- file 1
CREATE TABLE t1 (id int);

CREATE TABLE t2 (id int, r regclass DEFAULT 't1');

CREATE TABLE t3 (id int);

CREATE VIEW v1 AS SELECT id FROM t2 WHERE coalesce(r, 't3') IS NOT NULL;

CREATE FUNCTION f1(a int) RETURNS int LANGUAGE sql AS 'SELECT a';

CREATE TABLE t4 (p regproc, t text);

ALTER TABLE t4 ALTER COLUMN p SET DEFAULT 'f1';

CREATE TABLE t5 (id int);

ALTER TABLE t4 ALTER COLUMN t TYPE regclass USING 't5';
