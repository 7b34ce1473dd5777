-- Statistics are dropped with their table, and their name is free.
-- file 1
CREATE TABLE public.t3 (id int, n int);

CREATE STATISTICS st2 ON id, n FROM t3;

DROP TABLE t3;

CREATE TABLE public.t1 (id int, n int);

CREATE STATISTICS st2 ON id, n FROM public.t1;
