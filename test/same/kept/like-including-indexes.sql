-- LIKE … INCLUDING INDEXES copies the indexes that there are by then.
-- file 1
CREATE TABLE IF NOT EXISTS t3 (id int PRIMARY KEY, n int, t text, g int GENERATED ALWAYS AS (n * 2) STORED);

CREATE TABLE t1 (LIKE t3 INCLUDING DEFAULTS INCLUDING INDEXES);

CREATE INDEX ON t3 ((id + 1));
