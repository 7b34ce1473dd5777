-- Behind code that may have set the search_path it is not known which sequence a default means: it may be one with a CACHE.
-- file 1
CREATE SEQUENCE q CACHE 10;

DO $pq$ BEGIN EXECUTE 'SELECT ' || '1'; END $pq$;

CREATE TABLE t (a int DEFAULT nextval('q'));

CREATE TABLE u (a int DEFAULT nextval('q'));

-- file 2
INSERT INTO t DEFAULT VALUES;

INSERT INTO u DEFAULT VALUES;
