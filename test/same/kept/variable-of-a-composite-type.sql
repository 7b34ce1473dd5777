-- A variable is of a composite type with a domain in it.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE DOMAIN dm AS int CHECK (d1(VALUE) > 0);

CREATE TYPE ct AS (x dm, y int);

CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x ct; BEGIN x.x := 3; RETURN 1; END $$;

SELECT g();

ALTER SEQUENCE z1 RESTART;
