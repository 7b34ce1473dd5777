-- SET UNLOGGED takes the sequences of the table along, and locks them.
-- file 1
CREATE TABLE t1 (id serial);

ALTER TABLE t1 SET UNLOGGED;

SELECT nextval('t1_id_seq');

ALTER TABLE t1 SET LOGGED;

SELECT nextval('t1_id_seq');
