-- A table that a DO block makes may have columns that draw: what tells the value that was drawn last needs the session of the
-- rows before it.
-- file 1
DO $$ BEGIN CREATE TABLE t1 (id serial, n int); EXCEPTION WHEN duplicate_table THEN NULL; END $$;

INSERT INTO t1 (n) VALUES (1);

CREATE TABLE t2 (n bigint);

INSERT INTO t2 VALUES (currval('t1_id_seq'));
