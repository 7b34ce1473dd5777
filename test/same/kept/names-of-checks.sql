-- A check that comes into a schema with its table takes a name that PostgreSQL would choose.
-- file 1
CREATE SCHEMA s1;

CREATE TABLE t2 (id int, n int CHECK (n < 1000));

CREATE SCHEMA s2;

CREATE TABLE s1.t3 () INHERITS (public.t2);

ALTER TABLE s1.t3 SET SCHEMA s2;

CREATE TABLE s2.t2 (id int, n int CHECK (n > 0));
