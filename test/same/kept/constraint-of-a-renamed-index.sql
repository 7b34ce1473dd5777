-- A constraint that goes frees the name that its index has got.
-- file 1
CREATE TABLE t1 (id int PRIMARY KEY);

ALTER INDEX t1_pkey RENAME TO k;

ALTER TABLE t1 DROP CONSTRAINT k;

CREATE TABLE k (id int);
