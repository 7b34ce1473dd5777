-- CREATE STATISTICS on a temporary table needs the session of the table.
-- file 1
CREATE TABLE t4 (id int, n int);

CREATE TEMPORARY TABLE t3 AS SELECT id, n FROM t4;

ALTER TABLE pg_temp.t3 RENAME COLUMN n TO nx;

CREATE STATISTICS st1 ON id, nx FROM t3;
