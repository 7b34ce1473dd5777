-- A key of a partitioned table makes one of each partition, under the first name that is free.
-- file 1
CREATE TABLE public.t3_pkey (a int);

CREATE TABLE public.e1 (id int NOT NULL) PARTITION BY RANGE (id);

CREATE TABLE public.t3 PARTITION OF public.e1 DEFAULT;

DROP TABLE public.t3_pkey;

ALTER TABLE public.e1 ADD PRIMARY KEY (id);
