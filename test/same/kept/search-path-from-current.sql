-- SET search_path FROM CURRENT keeps the search_path that is set when the function is made.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE t1 (a int);

CREATE TABLE s1.t1 (a text);

SET search_path = s1, public;

CREATE FUNCTION public.d3() RETURNS bigint LANGUAGE sql SET search_path FROM CURRENT AS $$ SELECT count(*) FROM t1 $$;

SET search_path = public;

CREATE TABLE t9 (n bigint);

INSERT INTO t9 SELECT d3();

INSERT INTO s1.t1 VALUES ('a');

INSERT INTO t1 VALUES (1), (2);

INSERT INTO t9 SELECT d3();
