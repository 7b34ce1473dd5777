-- CASCADE takes a sequence with its table, and the default of another table with the sequence.
-- file 1
CREATE TABLE t (a serial);

CREATE TABLE u (a int DEFAULT nextval('t_a_seq'), b int);

INSERT INTO u (b) VALUES (1);

DROP TABLE t CASCADE;

INSERT INTO u (b) VALUES (2);

CREATE TABLE t (a serial);

ALTER TABLE u ALTER a SET DEFAULT nextval('t_a_seq');

INSERT INTO u (b) VALUES (3);
