-- A partition's copy of an index comes with ATTACH, and takes the first name; IF EXISTS means that of the second.
-- file 1
CREATE TABLE t1 (id int, n int, t text) PARTITION BY LIST (id);

CREATE INDEX ON t1 (n);

CREATE TABLE t2 (LIKE t1);

ALTER TABLE t1 ATTACH PARTITION t2 DEFAULT;

CREATE INDEX ON t2 (n);

DROP INDEX IF EXISTS t2_n_idx1;
