-- Copies of indexes that are alike are named in the order of their age.
-- file 1
CREATE TABLE public.e1 (id int);

CREATE UNIQUE INDEX ei ON public.e1 (id);

CREATE INDEX ON public.e1 (id);

CREATE TABLE public.e2 (LIKE public.e1 INCLUDING ALL);
