-- A CALL waits for the procedure that it names, also where the procedure ends transactions.
-- file 1
CREATE TABLE t4 (id serial, n int, t text);

CREATE PROCEDURE p2(a int DEFAULT 1) LANGUAGE plpgsql AS $$
BEGIN INSERT INTO t4 (id) VALUES (a); COMMIT; UPDATE t4 SET id = id + 1; END $$;

CALL public.p2(2);
