-- A lock of a session is given back when its script ends.
-- file 1
CREATE TABLE t (a int);

SELECT pg_advisory_lock(77);

INSERT INTO t VALUES (1);

-- file 2
SELECT pg_advisory_lock(77);

INSERT INTO t VALUES (2);
