-- A rule that writes to a temporary table ends with the session.
-- file 1
CREATE TABLE t1 (id int);

CREATE TEMPORARY TABLE t2 AS SELECT id FROM t1;

CREATE OR REPLACE RULE r1 AS ON DELETE TO t1 DO ALSO
  INSERT INTO t2 (id) VALUES (OLD.id);

COMMENT ON RULE r1 ON t1 IS 'two';
