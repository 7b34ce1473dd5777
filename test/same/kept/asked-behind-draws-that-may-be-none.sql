-- currval tells of the last draw, be it the one before those that drew nothing; each pair has a session of its own.
-- file 1
CREATE TABLE t1 (id serial, n int);

CREATE TABLE t2 (n bigint);

INSERT INTO t1 (n) VALUES (1);

INSERT INTO t2 VALUES (currval('t1_id_seq'));

INSERT INTO t1 (n) VALUES (2);

CREATE TABLE t3 (n int);

INSERT INTO t1 (n) SELECT n FROM t3;

INSERT INTO t2 VALUES (currval(pg_get_serial_sequence('t1', 'id')));

CREATE TABLE t4 (id int GENERATED ALWAYS AS IDENTITY, n int);

INSERT INTO t4 (n) VALUES (1), (2);

INSERT INTO t4 (id, n) OVERRIDING SYSTEM VALUE VALUES (7, 1);

INSERT INTO t2 VALUES (lastval());
