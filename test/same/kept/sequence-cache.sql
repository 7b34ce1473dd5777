-- A session takes several values of a sequence at once: its script keeps it.
-- file 1
CREATE SEQUENCE q CACHE 10;

CREATE TABLE t (a int DEFAULT nextval('q'), b int);

CREATE TABLE u (a int DEFAULT nextval('q'), b int);

INSERT INTO t (b) VALUES (1);

INSERT INTO u (b) VALUES (1);

INSERT INTO t (b) VALUES (2);

ALTER TABLE u ADD c int;

INSERT INTO u (b) VALUES (2);

-- file 2
INSERT INTO t (b) VALUES (3);

INSERT INTO u (b) VALUES (3);
