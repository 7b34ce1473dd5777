-- A subscript on the left of an assignment is evaluated.
-- file 1
CREATE SEQUENCE z1;

CREATE TABLE t1 (a int);

CREATE FUNCTION d3() RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int[]; BEGIN x[nextval('z1')] := 5; RETURN x[1]; END $$;

INSERT INTO t1 SELECT d3();

CREATE TABLE t2 AS SELECT nextval('z1') AS n;

DO $$ DECLARE x int[]; BEGIN x[nextval('z1')] = 5; END $$;

CREATE TABLE t3 AS SELECT nextval('z1') AS n;
