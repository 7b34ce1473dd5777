-- A default that a table is given, the tables that inherit from it are given, too.
-- file 1
CREATE SEQUENCE q;

CREATE TABLE a (n int, x int);

CREATE TABLE b (y int) INHERITS (a);

CREATE TABLE c (n int);

ALTER TABLE a ALTER x SET DEFAULT nextval('q');

INSERT INTO b (y) VALUES (1), (2);

INSERT INTO c SELECT nextval('q');

ALTER TABLE ONLY a ALTER x SET DEFAULT 0;

INSERT INTO b (y) VALUES (3);

INSERT INTO c SELECT nextval('q');
