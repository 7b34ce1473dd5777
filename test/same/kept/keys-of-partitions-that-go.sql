-- With a root's key go those of its partitions, and their names are free.
-- file 1
CREATE TABLE p1 (id int, n int, CONSTRAINT k PRIMARY KEY (id)) PARTITION BY LIST (id);

CREATE TABLE c1 PARTITION OF p1 DEFAULT;

ALTER TABLE p1 DROP CONSTRAINT k;

CREATE TABLE c1_pkey (id int);

INSERT INTO c1_pkey VALUES (1);
