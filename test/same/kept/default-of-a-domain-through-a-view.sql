-- A view's column has the default of its domain, also where a trigger or a rule takes the row.
-- file 1
CREATE SEQUENCE z1;

CREATE DOMAIN m1 AS int DEFAULT nextval('z1');

CREATE TABLE t1 (a m1, b int);

CREATE VIEW v1 AS SELECT * FROM t1;

CREATE FUNCTION g1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;

CREATE TRIGGER g INSTEAD OF INSERT ON v1 FOR EACH ROW EXECUTE FUNCTION g1();

INSERT INTO v1 (b) VALUES (1);

CREATE TABLE t2 AS SELECT nextval('z1') AS n;

DROP TRIGGER g ON v1;

CREATE RULE r1 AS ON INSERT TO v1 DO INSTEAD INSERT INTO t1 VALUES (1, NEW.a);

INSERT INTO v1 (b) VALUES (1);

CREATE TABLE t3 AS SELECT nextval('z1') AS n;
