-- PREPARE rewrites its statement: it locks what views, rules and policies bring in.
-- file 1
CREATE TABLE public.t2 (id int, n int, t text, UNIQUE (id));

CREATE VIEW v2 AS SELECT id, n, t FROM t2;

CREATE VIEW v3 AS SELECT id FROM v2;

CREATE TABLE noted (id int);

CREATE TABLE ruled (id int);

CREATE RULE note AS ON INSERT TO ruled DO ALSO INSERT INTO noted VALUES (new.id);

PREPARE ps1 AS INSERT INTO public.v2 (t) VALUES ('d');

PREPARE ps2 AS SELECT id FROM v3;

PREPARE ps3 AS INSERT INTO ruled VALUES (1);

ALTER TABLE t2 DROP COLUMN IF EXISTS y;

TRUNCATE noted;

BEGIN;

TRUNCATE t2 CASCADE;

COMMIT;
