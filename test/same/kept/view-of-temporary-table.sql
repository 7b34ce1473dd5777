-- A view of a temporary table is temporary, too.
-- file 1
CREATE TEMPORARY TABLE t4 (id int, n int, t text);

CREATE VIEW v3 AS SELECT * FROM t4 WHERE id < 5 WITH CHECK OPTION;

ALTER VIEW v3 RENAME TO v2;
