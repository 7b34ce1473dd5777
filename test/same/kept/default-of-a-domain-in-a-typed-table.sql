-- A typed table's columns have the defaults of their domains.
-- file 1
CREATE SEQUENCE z1;

CREATE DOMAIN m1 AS int DEFAULT nextval('z1');

CREATE TYPE c1 AS (x m1);

CREATE TABLE t4 OF c1;

INSERT INTO t4 DEFAULT VALUES;

CREATE TABLE t5 AS SELECT nextval('z1') AS n;
