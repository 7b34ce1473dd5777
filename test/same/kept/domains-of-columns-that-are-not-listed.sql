-- LIKE and INHERITS bring the domains of columns along, also from views, composite types and tables that were made from a query.
-- file 1
CREATE SEQUENCE z1;

CREATE TABLE n1 (a bigint);

CREATE DOMAIN m2 AS bigint DEFAULT nextval('public.z1');

CREATE TYPE c1 AS (b m2, c int);

CREATE TABLE t1 OF c1;

CREATE VIEW v1 AS SELECT b, c FROM t1;

CREATE TABLE t2 (LIKE v1);

INSERT INTO t2 (c) VALUES (1);

INSERT INTO n1 SELECT nextval('z1');

CREATE TABLE t3 (LIKE c1);

INSERT INTO t3 (c) VALUES (1);

INSERT INTO n1 SELECT nextval('z1');

CREATE TABLE t4 AS SELECT * FROM v1;

CREATE TABLE t5 () INHERITS (t4);

INSERT INTO t5 (c) VALUES (1);

INSERT INTO n1 SELECT nextval('z1');

CREATE MATERIALIZED VIEW w1 AS SELECT * FROM t1;

CREATE TABLE t6 (LIKE w1);

INSERT INTO t6 (c) VALUES (1);

INSERT INTO n1 SELECT nextval('z1');
