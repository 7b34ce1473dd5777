-- Collations are looked up wherever an expression names them.
-- file 1
CREATE TABLE t1 (a text);

CREATE COLLATION co1 FROM "C";

CREATE INDEX i1 ON t1 (a COLLATE co1);

CREATE VIEW v1 AS SELECT a COLLATE co1 AS a FROM t1;

CREATE TYPE k1 AS (a text COLLATE co1);

CREATE COLLATION co2 FROM co1;
