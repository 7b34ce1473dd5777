-- An index's constraint is called as the index is.
-- file 1
CREATE TABLE t1 (id int UNIQUE);

ALTER INDEX t1_id_key RENAME TO t2_a_check;

CREATE TABLE t2 (a int CHECK (a > 0));
