-- A row that is populated has a domain in it.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE DOMAIN dm AS int CHECK (d1(VALUE) > 0);

CREATE TABLE t1 (a dm, b int);

SELECT json_populate_record(NULL::t1, '{"a": 3}');

ALTER SEQUENCE z1 RESTART;
