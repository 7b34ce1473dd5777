-- Two keys whose names PostgreSQL chooses: one is dropped, the other still leads TRUNCATE … CASCADE on.
-- file 1
CREATE TABLE public.e1 (id int PRIMARY KEY);

CREATE TABLE public.e2 (id int REFERENCES public.e1);

ALTER TABLE e2 ADD FOREIGN KEY (id) REFERENCES public.e1 (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE e2 DROP CONSTRAINT e2_id_fkey;

INSERT INTO e2 DEFAULT VALUES;

TRUNCATE ONLY e1 CASCADE;
