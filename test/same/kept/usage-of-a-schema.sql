-- A role finds what is in a schema only with USAGE of it.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE s1.t1 (id int);

GRANT SELECT ON s1.t1 TO same_reader;

GRANT USAGE ON SCHEMA s1 TO same_reader;

-- file 2
SET ROLE same_reader;

SELECT count(*) FROM s1.t1;

RESET ROLE;

-- file 3
REVOKE USAGE ON SCHEMA s1 FROM same_reader;
