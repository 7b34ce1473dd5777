-- Indexes and keys go with a column that they name, and others may have their names.
-- file 1
CREATE TABLE public.t3 (id int, n int NOT NULL DEFAULT 1, t text);

CREATE INDEX i1 ON t3 (lower(t));

CREATE TABLE public.t1 (id serial PRIMARY KEY, n int, t text, UNIQUE (id));

ALTER TABLE t3 DROP COLUMN t;

CREATE INDEX i1 ON t1 (lower(t)) WHERE id > 1;
