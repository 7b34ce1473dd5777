-- Partitions draw their identities from one sequence (from PostgreSQL 17 on; before they have none), also those that are attached.
-- file 1
CREATE TABLE t1 (id int NOT NULL, n bigint NOT NULL) PARTITION BY RANGE (id);

CREATE TABLE t2 PARTITION OF t1 FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (id);

CREATE TABLE t3 PARTITION OF t2 FOR VALUES FROM (0) TO (5);

ALTER TABLE t1 ALTER n ADD GENERATED ALWAYS AS IDENTITY;

INSERT INTO t1 (id) VALUES (1);

DO $$ BEGIN INSERT INTO t3 (id) VALUES (3); EXCEPTION WHEN not_null_violation THEN NULL; END $$;

CREATE TABLE t4 (id int NOT NULL, n bigint NOT NULL);

-- file 2
ALTER TABLE t2 ATTACH PARTITION t4 FOR VALUES FROM (5) TO (10);

DO $$ BEGIN INSERT INTO t4 (id) VALUES (6); EXCEPTION WHEN not_null_violation THEN NULL; END $$;

INSERT INTO t1 (id) VALUES (7);

DO $$ BEGIN INSERT INTO t3 (id) VALUES (4); EXCEPTION WHEN not_null_violation THEN NULL; END $$;
