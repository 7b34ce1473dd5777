-- A new table hides the one that it inherits from, or is made like.
-- file 1
CREATE TABLE public.t3 (n int);

CREATE TABLE public.t4 (m int);

CREATE SCHEMA s1;

SET search_path = s1, public;

CREATE TABLE t3 () INHERITS (t3);

CREATE TABLE t4 (LIKE t4);

INSERT INTO t3 VALUES (1);

ALTER TABLE public.t3 RENAME TO t5;

ALTER TABLE public.t4 RENAME TO t6;
