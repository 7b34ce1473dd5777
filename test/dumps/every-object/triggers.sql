-- Triggers of all kinds, event triggers.

CREATE TABLE watched (a integer PRIMARY KEY, b text, c text);
CREATE TABLE watched_log (what text);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO eo.watched_log VALUES (TG_NAME || ' ' || TG_OP || coalesce(' ' || TG_ARGV[0], ''));
  RETURN coalesce(NEW, OLD);
END $$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'no; it''s refused';
END $$;

CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OF b, c ON watched FOR EACH ROW
  WHEN (NEW.b IS DISTINCT FROM E'it''s; \\ :name\n') EXECUTE FUNCTION log_it('it''s; an \ argument', 'two', '');
CREATE TRIGGER after_statement AFTER INSERT OR DELETE OR TRUNCATE ON watched FOR EACH STATEMENT EXECUTE FUNCTION log_it();
CREATE TRIGGER transition AFTER UPDATE ON watched REFERENCING OLD TABLE AS "old; rows" NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION log_it();
CREATE CONSTRAINT TRIGGER deferred AFTER INSERT ON watched FROM city DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE TRIGGER "disabled; it's" BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE watched DISABLE TRIGGER "disabled; it's";
CREATE TRIGGER on_replica BEFORE DELETE ON watched FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE watched ENABLE REPLICA TRIGGER on_replica;
CREATE TRIGGER always BEFORE DELETE ON watched FOR EACH ROW EXECUTE FUNCTION log_it();
ALTER TABLE watched ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER instead INSTEAD OF UPDATE ON simple_view FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE TRIGGER on_partitions AFTER INSERT ON measured FOR EACH ROW EXECUTE FUNCTION log_it();
ALTER TABLE measured_2023 DISABLE TRIGGER on_partitions;
-- A trigger that would spoil every row that is loaded after it is there.
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.name := ''spoilt''; RETURN NEW; END';

CREATE FUNCTION look_at_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE DEBUG 'ddl; %', TG_TAG;
END $$;
CREATE EVENT TRIGGER eo_start ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'DROP TABLE') EXECUTE FUNCTION look_at_ddl();
CREATE EVENT TRIGGER "eo_end; it's" ON ddl_command_end EXECUTE FUNCTION look_at_ddl();
CREATE EVENT TRIGGER eo_drop ON sql_drop EXECUTE FUNCTION look_at_ddl();
CREATE EVENT TRIGGER eo_rewrite ON table_rewrite EXECUTE FUNCTION look_at_ddl();
ALTER EVENT TRIGGER eo_rewrite DISABLE;
ALTER EVENT TRIGGER eo_drop ENABLE ALWAYS;
