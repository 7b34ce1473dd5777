-- Which name an expression gives an index that has none.
-- file 1
CREATE TABLE t1 (id int, n int);

CREATE INDEX ON t1 ((nullif(id, 1)), (id IS NULL), (CASE WHEN n > 1 THEN 1 END), (greatest(id, 1)::bigint));

DROP INDEX IF EXISTS t1_nullif_expr_case_greatest_idx;
