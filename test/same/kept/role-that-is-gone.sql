-- The role that a script has taken may be gone when it is given back: sessions that begin later do not take it any more.
-- file 1
CREATE TABLE t1 (n int);

CREATE ROLE same_gone;

GRANT INSERT ON t1 TO same_gone;

SET ROLE same_gone;

INSERT INTO t1 VALUES (1);

RESET ROLE;

REVOKE ALL ON t1 FROM same_gone;

DROP ROLE same_gone;

CREATE TABLE t2 AS SELECT 1 AS n;

CREATE TABLE t3 AS SELECT 2 AS n;
