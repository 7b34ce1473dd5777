-- What a DO block has made, or not, is known behind it, and its script goes on in several sessions.
-- file 1
CREATE TABLE t1 (n int);

INSERT INTO t1 VALUES (1), (2);

DO $$ BEGIN IF EXISTS (SELECT 1 FROM t1 WHERE n = 2) THEN ALTER TABLE t1 ADD COLUMN m int; END IF; END $$;

DO $$ BEGIN CREATE TYPE e1 AS ENUM ('a', 'b'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE TABLE t2 (e e1, m int);

UPDATE t1 SET m = 2;

INSERT INTO t2 SELECT 'a', m FROM t1;

CREATE TABLE t3 AS SELECT m FROM t1;
