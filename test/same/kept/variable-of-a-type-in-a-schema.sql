-- Types of variables may be written with their schemas, and quoted.
-- file 1
CREATE SCHEMA s2;

CREATE TABLE s2.t4 (a int, b int);

CREATE DOMAIN "D m" AS int;

CREATE FUNCTION d3() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x s2.t4; y "D m"; BEGIN RETURN 1; END $$;
