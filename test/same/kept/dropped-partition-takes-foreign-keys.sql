-- A foreign key to a partitioned table goes as a whole with any of its partitions: DROP … CASCADE locks the table that has it.
-- file 1
CREATE TABLE public.e1 (id int PRIMARY KEY) PARTITION BY RANGE (id);

CREATE TABLE public.e11 PARTITION OF public.e1 FOR VALUES FROM (0) TO (100);

CREATE TABLE public.e12 PARTITION OF public.e1 FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (id);

CREATE TABLE public.e121 PARTITION OF public.e12 FOR VALUES FROM (100) TO (150);

CREATE TABLE public.e2 (id int REFERENCES public.e1 ON DELETE CASCADE, m int REFERENCES public.e1);

CREATE TABLE public.e4 (id int REFERENCES public.e12);

CREATE TABLE public.e3 (n int);

INSERT INTO e3 (n) VALUES ((SELECT count(*) FROM public.e2)), (3), (6);

DROP TABLE IF EXISTS e11 CASCADE;

INSERT INTO e2 VALUES (7, 8);

INSERT INTO e3 (n) SELECT count(*) FROM public.e4;

DROP TABLE e121 CASCADE;

INSERT INTO e4 VALUES (9);

