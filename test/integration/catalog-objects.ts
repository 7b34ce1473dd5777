/** A database with an object of every kind, two schemas and what refers from one to the other. For a superuser. */
export const CATALOG_OBJECTS = `
SET client_min_messages = warning;
CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE EXTENSION citext SCHEMA public;

SET search_path = app, other, public;

CREATE TYPE mood AS ENUM ('calm', 'wild');
CREATE TYPE pair AS (a int, b text);
CREATE TYPE shell;
CREATE FUNCTION double(n int) RETURNS int IMMUTABLE RETURN n * 2;
CREATE FUNCTION greeting() RETURNS text IMMUTABLE RETURN 'hello';
CREATE DOMAIN short AS varchar(9) DEFAULT greeting() CHECK (length(VALUE) < 9);
CREATE FUNCTION span_gap(a float8, b float8) RETURNS float8 IMMUTABLE RETURN a - b;
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = span_gap, multirange_type_name = span_many);

CREATE FUNCTION add(a int, b int) RETURNS int IMMUTABLE RETURN a + b;
CREATE OPERATOR @+@ (leftarg = int, rightarg = int, function = add);
CREATE AGGREGATE total(int) (sfunc = add, stype = int, initcond = 0);
CREATE FUNCTION to_pair(n int) RETURNS pair IMMUTABLE RETURN row(n, '')::pair;
CREATE CAST (int AS pair) WITH FUNCTION to_pair(int);
CREATE FUNCTION compare(a int, b int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT btint4cmp(b, a)';
CREATE OPERATOR CLASS backwards FOR TYPE int USING btree AS
  OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 compare(int, int);

CREATE SEQUENCE free_seq;
CREATE TABLE item (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  serial_id serial,
  name short,
  mood mood DEFAULT 'calm',
  tags mood[],
  twice int GENERATED ALWAYS AS (double(id)) STORED,
  gone int,
  "Odd ""one""" text,
  CONSTRAINT positive CHECK (double(id) > 0)
);
ALTER TABLE item DROP COLUMN gone, ENABLE ROW LEVEL SECURITY;
CREATE INDEX item_doubled ON item (double(id));
CREATE STATISTICS item_stats ON double(id), serial_id FROM item;
CREATE POLICY mine ON item USING (double(id) > 0);
CREATE TABLE part (
  id int PRIMARY KEY,
  item int CONSTRAINT item_of_item REFERENCES item ON DELETE CASCADE DEFERRABLE,
  during int4range,
  EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE copied (item int CONSTRAINT always_of_item REFERENCES item);
DO $$ BEGIN
  EXECUTE (SELECT format('ALTER TABLE copied ENABLE ALWAYS TRIGGER %I', tgname) FROM pg_trigger
           WHERE tgrelid = 'copied'::regclass ORDER BY oid LIMIT 1);
END $$;
CREATE UNLOGGED TABLE fast (a int);
CREATE UNLOGGED TABLE kid () INHERITS (fast);
CREATE TABLE typed OF pair;
CREATE TEMPORARY TABLE scratch (a int);
CREATE TABLE event (at date, what text) PARTITION BY RANGE (at);
CREATE TABLE event_old PARTITION OF event FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
CREATE TABLE event_rest PARTITION OF event DEFAULT;
CREATE INDEX ON event (at);

CREATE VIEW item_names AS SELECT id, name FROM item WITH CHECK OPTION;
CREATE MATERIALIZED VIEW other.totals AS SELECT count(*) AS n FROM item;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = app, other
  AS 'BEGIN RETURN new; END';
CREATE TRIGGER item_touch BEFORE INSERT OR UPDATE ON item FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION touch();
CREATE RULE log_insert AS ON INSERT TO fast DO ALSO INSERT INTO kid VALUES (new.a);
CREATE PROCEDURE proceed(n bigint DEFAULT nextval('free_seq')) LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE FUNCTION pg_catalog.smuggled() RETURNS int RETURN 1;

CREATE FUNCTION watching() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN NULL; END';
CREATE EVENT TRIGGER watch ON sql_drop EXECUTE FUNCTION watching();
ALTER EVENT TRIGGER watch DISABLE;
CREATE PUBLICATION news FOR TABLE part;

CREATE COLLATION plain FROM "C";
CREATE CONVERSION conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE TEXT SEARCH DICTIONARY lexemes (template = simple);
CREATE TEXT SEARCH CONFIGURATION words (copy = simple);
CREATE FOREIGN DATA WRAPPER nothing;
CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
CREATE USER MAPPING FOR postgres SERVER nowhere;
CREATE FOREIGN TABLE far (a int) SERVER nowhere;
RESET search_path;
`;
