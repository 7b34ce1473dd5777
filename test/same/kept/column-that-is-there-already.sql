-- ADD COLUMN IF NOT EXISTS makes no sequence when the column is there.
-- file 1
CREATE TABLE t1 (id serial);

ALTER TABLE t1 ADD COLUMN IF NOT EXISTS id serial;

CREATE SEQUENCE t1_id_seq1;

SELECT nextval('t1_id_seq1');
