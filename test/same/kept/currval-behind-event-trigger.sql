-- The code of an event trigger draws from a sequence that currval tells of.
-- file 1
CREATE TABLE t (id serial, n int);

CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t (n) VALUES (1); END $$;

CREATE EVENT TRIGGER ev ON ddl_command_end EXECUTE FUNCTION ev();

CREATE TABLE u (n bigint);

INSERT INTO u SELECT currval('t_id_seq');

CREATE TABLE w (n int);

INSERT INTO u SELECT currval('t_id_seq');
