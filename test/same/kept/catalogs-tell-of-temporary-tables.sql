-- What reads the catalogs sees the temporary objects of its script, whether it uses them or not.
-- file 1
CREATE TABLE t1 (n int);

CREATE TEMP TABLE t2 (n int);

INSERT INTO t1 SELECT 1;

CREATE TABLE t3 AS SELECT count(*) FROM pg_class WHERE relname = 't2';
