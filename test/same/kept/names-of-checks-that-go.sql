-- With a column its checks go, and their names are free.
-- file 1
CREATE TABLE t1 (a int CHECK (a > 0), b int);

ALTER TABLE t1 RENAME TO t2;

ALTER TABLE t2 DROP COLUMN a;

CREATE TABLE t1 (a int CHECK (a > 0), b int);
