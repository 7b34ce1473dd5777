-- Where session_replication_role is replica, foreign keys are not looked after; and again as soon as it may be something else.
-- file 1
CREATE TABLE public.e1 (id int PRIMARY KEY);

CREATE TABLE public.e2 (id int, m int REFERENCES public.e1 ON DELETE CASCADE);

CREATE FUNCTION public.f1() RETURNS int LANGUAGE plpgsql AS 'BEGIN SET session_replication_role = origin; RETURN 1; END';

CREATE FUNCTION public.f2() RETURNS int LANGUAGE plpgsql SET session_replication_role = origin AS 'BEGIN INSERT INTO public.e2 VALUES (2, 1); RETURN 1; END';

CREATE FUNCTION public.f3() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN SET session_replication_role = origin; RETURN NEW; END';

CREATE TABLE public.e3 (id int, m int REFERENCES public.e1);

CREATE TRIGGER tr3 BEFORE INSERT ON public.e3 FOR EACH ROW EXECUTE FUNCTION public.f3();

ALTER TABLE public.e3 ENABLE ALWAYS TRIGGER tr3;

CREATE FUNCTION public.f4() RETURNS trigger LANGUAGE plpgsql SET session_replication_role = origin AS 'BEGIN INSERT INTO public.e2 VALUES (7, 1); RETURN NEW; END';

CREATE TABLE public.e4 (id int);

CREATE TRIGGER tr4 BEFORE INSERT ON public.e4 FOR EACH ROW EXECUTE FUNCTION public.f4();

ALTER TABLE public.e4 ENABLE ALWAYS TRIGGER tr4;

INSERT INTO e1 VALUES (1);

-- file 2
SET session_replication_role = replica;

INSERT INTO e2 VALUES (3, 1);

-- file 3
INSERT INTO e1 VALUES (101);

-- file 4
SET session_replication_role = 'REPLICA';

SELECT public.f2();

-- file 5
INSERT INTO e1 VALUES (102);

-- file 6
SET session_replication_role = replica;

INSERT INTO e2 SELECT 4, public.f1();

-- file 7
INSERT INTO e1 VALUES (103);

-- file 8
SET session_replication_role = replica;

SELECT public.f1();

INSERT INTO e2 VALUES (3, 1);

-- file 9
INSERT INTO e1 VALUES (104);

-- file 10
SET session_replication_role = replica;

INSERT INTO e3 VALUES (5, 1);

-- file 11
INSERT INTO e1 VALUES (105);

-- file 12
SET session_replication_role = replica;

INSERT INTO e3 VALUES (5, 1);

INSERT INTO e2 VALUES (3, 1);

-- file 13
INSERT INTO e1 VALUES (106);

-- file 14
SET session_replication_role = replica;

BEGIN;

SET LOCAL session_replication_role = origin;

INSERT INTO e2 VALUES (3, 1);

COMMIT;

-- file 15
INSERT INTO e1 VALUES (107);

-- file 16
BEGIN;

SET LOCAL session_replication_role = replica;

COMMIT;

INSERT INTO e2 VALUES (3, 1);

-- file 17
INSERT INTO e1 VALUES (108);

-- file 18
BEGIN;

SET session_replication_role = replica;

ROLLBACK;

INSERT INTO e2 VALUES (3, 1);

-- file 19
INSERT INTO e1 VALUES (109);

-- file 20
BEGIN;

SAVEPOINT s1;

SET session_replication_role = replica;

ROLLBACK TO s1;

INSERT INTO e2 VALUES (3, 1);

COMMIT;

-- file 21
INSERT INTO e1 VALUES (110);

-- file 22
SET session_replication_role = replica;

RESET session_replication_role;

INSERT INTO e2 VALUES (3, 1);

-- file 23
INSERT INTO e1 VALUES (111);

-- file 24
SET session_replication_role = replica;

SET session_replication_role TO DEFAULT;

INSERT INTO e2 VALUES (3, 1);

-- file 25
INSERT INTO e1 VALUES (112);

-- file 26
SET session_replication_role = replica;

RESET ALL;

INSERT INTO e2 VALUES (3, 1);

-- file 27
INSERT INTO e1 VALUES (113);

-- file 28
SET session_replication_role = replica;

DISCARD ALL;

INSERT INTO e2 VALUES (3, 1);

-- file 29
INSERT INTO e1 VALUES (114);

-- file 30
SET session_replication_role = replica;

SET session_replication_role = local;

INSERT INTO e2 VALUES (3, 1);

-- file 31
INSERT INTO e1 VALUES (115);

-- file 32
SET session_replication_role = replica;

SELECT set_config('session_replication_role', 'origin', false);

INSERT INTO e2 VALUES (3, 1);

-- file 33
INSERT INTO e1 VALUES (116);

-- file 34
SET session_replication_role = replica;

DO $$ BEGIN PERFORM set_config('session_replication_role', 'origin', true); INSERT INTO public.e2 VALUES (6, 1); END $$;

-- file 35
INSERT INTO e1 VALUES (117);

-- file 36
SET session_replication_role = replica;

DO $$ BEGIN PERFORM set_config('session_replication_role', 'origin', false); END $$;

INSERT INTO e2 VALUES (3, 1);

-- file 37
INSERT INTO e1 VALUES (118);

-- file 38
SET session_replication_role = replica;

DELETE FROM e1 WHERE id = 8;

-- file 39
INSERT INTO e1 VALUES (119);

-- file 40
INSERT INTO e2 VALUES (3, 1);

-- file 41
INSERT INTO e1 VALUES (120);

-- file 42
SET session_replication_role = replica;

INSERT INTO e4 VALUES (1);

-- file 43
INSERT INTO e1 VALUES (201);

-- file 44
SET search_path = public;

SET session_replication_role = replica;

SELECT set_config(lower('SESSION_REPLICATION_ROLE'), 'origin', false);

SET search_path = public;

INSERT INTO e2 VALUES (3, 1);

-- file 45
INSERT INTO e1 VALUES (202);
