-- A partition gets its indexes when it is made, under names of its own, which others may have then no more.
-- file 1
CREATE TABLE public.e1 (id int, n int, UNIQUE (id) INCLUDE (n)) PARTITION BY RANGE (id);

CREATE INDEX en ON public.e1 (n);

CREATE TABLE public.t3 PARTITION OF e1 DEFAULT;

COMMENT ON INDEX public.t3_n_idx IS 'its own';

ALTER INDEX public.t3_id_n_key RENAME TO k3;

CREATE TABLE public.t3_id_n_key (a int);
