-- A table made of another must have the rows that were written before it, and not those written behind it.
-- file 1
CREATE TABLE t1 (id int, n int);

INSERT INTO t1 VALUES (1, 1);

CREATE TABLE t2 AS SELECT * FROM t1;

INSERT INTO t1 VALUES (2, 2);
