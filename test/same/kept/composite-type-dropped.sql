-- A composite type's name is a relation's name too; a table that was made from a query depends on it.
-- file 1
CREATE TYPE c AS (a int);

CREATE TABLE k AS SELECT ROW(1)::c AS x;

DROP TABLE k;

DROP TYPE c;

CREATE TABLE c (x int);

INSERT INTO c VALUES (1);

ALTER TABLE c ADD y int;

INSERT INTO c VALUES (2, 2);
