-- Behind code that may have set the search_path it is not known which sequence a default means: it may be one with a CACHE.
-- file 1
CREATE SEQUENCE q CACHE 10;

DO $pq$ BEGIN EXECUTE 'SELECT ' || '1'; END $pq$;

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
