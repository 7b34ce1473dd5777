-- LIKE brings the names of NOT NULL constraints along (PostgreSQL 18), which a table of the other's name would choose.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE public.t4 (id serial, n int NOT NULL DEFAULT 1);

CREATE TABLE s1.t4 (id int PRIMARY KEY, n int, t text);

CREATE TABLE t3 (LIKE s1.t4 INCLUDING DEFAULTS INCLUDING INDEXES);
