-- Where pg_temp stands first in the path, what is made is temporary.
-- file 1
CREATE TABLE a (i int);

INSERT INTO a SELECT generate_series(1, 5);

-- file 2
CREATE TABLE b AS SELECT sum(i) AS s FROM a;

SET search_path = pg_temp, public;

CREATE TABLE a (x text);

INSERT INTO a VALUES ('t');

INSERT INTO b SELECT count(*) FROM a;

-- file 3
INSERT INTO a SELECT s FROM b;

DROP TABLE b;
