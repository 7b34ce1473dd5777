-- … or a policy of it.
-- file 1
CREATE TABLE t (a int);

CREATE TABLE u (a int);

CREATE POLICY p ON t USING (a IN (SELECT a FROM u));

ALTER POLICY p ON t USING (true);

ALTER TABLE u ALTER a TYPE bigint;

CREATE POLICY q ON t USING (a IN (SELECT a FROM u));

DROP POLICY q ON t;

DROP TABLE u;
