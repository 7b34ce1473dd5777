-- The role of a function's SET clause must be there when it is made.
-- file 1
CREATE ROLE same_r1;

CREATE FUNCTION d3() RETURNS int LANGUAGE sql SET role = 'same_r1' AS $$ SELECT 1 $$;

DROP FUNCTION d3();

DROP ROLE same_r1;
