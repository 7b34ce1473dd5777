-- Keys that a block gives back were taken meanwhile.
-- file 1
CREATE TABLE t (id serial PRIMARY KEY, n int);

BEGIN;

INSERT INTO t (id) VALUES (2);

ROLLBACK;

INSERT INTO t (n) VALUES (6), (3), (4);

BEGIN;

SAVEPOINT s;

INSERT INTO t (id) VALUES (5);

ROLLBACK TO s;

COMMIT;

INSERT INTO t (n) VALUES (7), (8);
