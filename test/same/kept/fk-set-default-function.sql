-- What SET DEFAULT and SET … = DEFAULT evaluate is evaluated in their place.
-- file 1
CREATE TABLE counter (n int);

INSERT INTO counter VALUES (1);

CREATE TABLE parents (id int PRIMARY KEY);

INSERT INTO parents VALUES (1), (2), (3);

CREATE FUNCTION last_count() RETURNS int LANGUAGE sql VOLATILE AS 'SELECT max(n) FROM counter';

CREATE TABLE children (id int, parent int DEFAULT last_count() REFERENCES parents ON DELETE SET DEFAULT);

INSERT INTO children VALUES (10, 3), (20, 2);

DELETE FROM parents WHERE id = 3;

UPDATE counter SET n = 2;

UPDATE children SET parent = DEFAULT WHERE id = 20;

UPDATE counter SET n = 1;
