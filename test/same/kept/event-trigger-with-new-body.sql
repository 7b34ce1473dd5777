-- An event trigger whose function is replaced fires with the new body.
-- file 1
CREATE TABLE IF NOT EXISTS t2 (id int PRIMARY KEY, n int, t varchar(20));

CREATE OR REPLACE FUNCTION ev1() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO e1 (id) VALUES (nextval('q1')); EXCEPTION WHEN others THEN NULL; END $$;

CREATE EVENT TRIGGER ev1 ON ddl_command_end EXECUTE FUNCTION ev1();

CREATE SCHEMA s1;

CREATE SEQUENCE s1.q1 START 5 INCREMENT 2 CACHE 4;

SELECT id, n, t INTO public.t1 FROM public.t2;

CREATE OR REPLACE FUNCTION ev1() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO t1 (id) VALUES (nextval('s1.q1')); EXCEPTION WHEN others THEN NULL; END $$;

CREATE OR REPLACE FUNCTION public.ev1() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.t2 (id) VALUES (nextval('s1.q1')); EXCEPTION WHEN others THEN NULL; END $$;
