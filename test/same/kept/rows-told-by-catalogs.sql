-- Sizes, statistics and values of sequences tell of all rows that were written before.
-- file 1
CREATE TABLE t1 (id serial, n int);

INSERT INTO t1 (n) SELECT 1 FROM generate_series(1, 2000);

ANALYZE t1;

CREATE TABLE t2 AS SELECT pg_relation_size('t1') > 0 AS has_rows, (SELECT last_value FROM pg_sequences WHERE sequencename = 't1_id_seq'),
  (SELECT n_distinct FROM pg_stats WHERE tablename = 't1' AND attname = 'n');

INSERT INTO t1 (n) SELECT 2 FROM generate_series(1, 2000);

ANALYZE t1;

CREATE TABLE t3 AS SELECT last_value, (SELECT n_distinct FROM pg_stats WHERE tablename = 't1' AND attname = 'n') FROM pg_sequences;
