-- A new partition has the foreign keys of all that it is a part of, and locks where they lead.
-- file 1
CREATE TABLE t1 (id int PRIMARY KEY);

CREATE TABLE t2 (id int REFERENCES t1) PARTITION BY RANGE (id);

CREATE TABLE t3 PARTITION OF t2 FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);

CREATE TABLE t4 PARTITION OF t3 FOR VALUES FROM (0) TO (5);

INSERT INTO t1 VALUES (1);

CREATE TABLE t5 (id int);

ALTER TABLE t3 ATTACH PARTITION t5 FOR VALUES FROM (5) TO (10);

UPDATE t1 SET id = 2;
