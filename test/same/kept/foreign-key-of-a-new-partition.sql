-- A foreign key to a partitioned table gets one more for each partition, named after its column as it is called then.
-- file 1
CREATE TABLE public.e1 (id int PRIMARY KEY) PARTITION BY RANGE (id);

CREATE TABLE public.e2 (id int REFERENCES public.e1 ON DELETE CASCADE);

CREATE TABLE public.t3 PARTITION OF e1 DEFAULT;

ALTER TABLE public.e2 RENAME COLUMN id TO idx;

ALTER TABLE public.e1 DETACH PARTITION public.t3;

ALTER TABLE public.e1 ATTACH PARTITION public.t3 DEFAULT;
