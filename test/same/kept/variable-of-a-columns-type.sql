-- A variable has the type of a column, which is a domain.
-- file 1
CREATE SEQUENCE z1;

CREATE FUNCTION d1(v int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN RETURN nextval('public.z1'); END $$;

CREATE DOMAIN dm AS int CHECK (d1(VALUE) > 0);

CREATE TABLE t1 (a dm, b int);

CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x t1.a%TYPE; BEGIN x := 3; RETURN 1; END $$;

SELECT g();

ALTER SEQUENCE z1 RESTART;
