-- ANALYZE changes what the catalogs tell of rows.
-- file 1
CREATE TABLE t1 (id int, n int);

INSERT INTO t1 VALUES (1, 1);

ANALYZE t1;

CREATE TABLE s1 AS SELECT reltuples FROM pg_class WHERE relname = 't1';

INSERT INTO t1 VALUES (1, 1);

ANALYZE t1;
