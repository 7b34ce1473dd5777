-- The code of an event trigger takes several values of a sequence at once.
-- file 1
CREATE TABLE public.t3 (id serial PRIMARY KEY, n int NOT NULL DEFAULT 1, t varchar(20));

CREATE SEQUENCE q2 CACHE 4;

CREATE OR REPLACE FUNCTION ev1() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.t3 (id) VALUES (nextval('public.q2')); EXCEPTION WHEN others THEN NULL; END $$;

CREATE EVENT TRIGGER ev1 ON ddl_command_end EXECUTE FUNCTION ev1();

ALTER TABLE t3 ALTER COLUMN id SET STATISTICS 50;

SELECT nextval('q2');
