-- The default of a view's column names the sequence that a serial column made.
-- file 1
CREATE TABLE t1 (id serial PRIMARY KEY, n int);

CREATE VIEW v1 AS SELECT 1 AS n;

ALTER VIEW v1 ALTER COLUMN n SET DEFAULT nextval('t1_id_seq');
