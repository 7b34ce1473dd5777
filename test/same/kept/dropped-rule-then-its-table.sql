-- DROP … CASCADE takes a rule with it that writes into the table: a DROP RULE written before must come before.
-- file 1
CREATE TABLE t1 (id int);

CREATE TABLE t3 (id int);

CREATE RULE r1 AS ON DELETE TO t3 DO ALSO INSERT INTO t1 (id) VALUES (OLD.id);

DROP RULE r1 ON public.t3;

DROP TABLE t1 CASCADE;
