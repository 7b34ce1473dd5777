-- A function takes a composite type whose attribute is renamed.
-- file 1
CREATE TYPE c AS (a int, b int);

CREATE FUNCTION f(x c) RETURNS int LANGUAGE sql AS 'select x.a';

CREATE TABLE t AS SELECT f(ROW(1, 2)) AS z;

ALTER TYPE c RENAME ATTRIBUTE a TO k;

CREATE OR REPLACE FUNCTION f(x c) RETURNS int LANGUAGE sql AS 'select x.k + x.b';

INSERT INTO t SELECT f(ROW(1, 2)::c);

CREATE SCHEMA s;

ALTER TYPE c SET SCHEMA s;

INSERT INTO t SELECT f(ROW(3, 2)::s.c);
