-- A partition that has an index like its root's gets none more.
-- file 1
CREATE TABLE p1 (id int, n int) PARTITION BY LIST (id);

CREATE TABLE c1 PARTITION OF p1 DEFAULT;

CREATE INDEX ON c1 (n);

CREATE INDEX ON p1 (n);

CREATE TABLE c1_n_idx1 (id int);

INSERT INTO c1_n_idx1 VALUES (1);

UPDATE c1_n_idx1 SET id = 2;
