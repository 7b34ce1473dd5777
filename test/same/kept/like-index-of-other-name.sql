-- Copies of indexes are named after the columns that these hold, whatever they are called themselves.
-- file 1
CREATE TABLE public.e1 (id int);

CREATE UNIQUE INDEX ei ON public.e1 (id);

CREATE TABLE public.t1 (LIKE e1 INCLUDING ALL);

DROP INDEX public.t1_id_idx;
