-- An operator goes into a schema, which must be there.
-- file 1
CREATE SCHEMA s2;

CREATE FUNCTION o1(a int, b int) RETURNS int LANGUAGE sql AS $$ SELECT b + a + 1 $$;

CREATE OPERATOR s2.#+# (LEFTARG = int, RIGHTARG = int, FUNCTION = o1);
