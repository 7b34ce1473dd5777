-- The owner of a function that runs with its rights needs USAGE of the schema.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE s1.t1 (id int);

GRANT SELECT ON s1.t1 TO same_reader;

GRANT USAGE ON SCHEMA s1 TO same_reader;

CREATE FUNCTION f1() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM s1.t1 $$;

ALTER FUNCTION f1() OWNER TO same_reader;

SELECT f1();

REVOKE USAGE ON SCHEMA s1 FROM same_reader;
