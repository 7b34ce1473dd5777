-- Behind the block the name means the table that was there before.
-- file 1
CREATE TABLE items (n int);

INSERT INTO items VALUES (1);

BEGIN;

CREATE TEMP TABLE items (n int) ON COMMIT DROP;

INSERT INTO items VALUES (2);

COMMIT;

UPDATE items SET n = n * 10;

-- file 2
INSERT INTO items SELECT count(*) FROM items;

BEGIN;

CREATE TEMP TABLE items ON COMMIT DROP AS SELECT 7 AS n;

COMMIT;

UPDATE items SET n = n + 1;
