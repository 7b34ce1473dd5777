-- Values of a column of the type regclass are names of relations.
-- file 1
CREATE TABLE t (a text DEFAULT current_setting('search_path'), b regclass, c int);

CREATE TABLE r (x int);

INSERT INTO t (b, c) VALUES ('r', 1);

ALTER TABLE r RENAME TO s;

INSERT INTO t (b, c) VALUES ('s', 2);

INSERT INTO t (b, c) SELECT 's'::regclass, count(*) FROM s;

CREATE TABLE u AS SELECT b::text AS x FROM t;
