/** One of every kind of object, and a change to each with the difference that it makes. */

export const BASE = String.raw`
CREATE SCHEMA s;
CREATE EXTENSION hstore SCHEMA s;
CREATE TABLE s.t (a int, b text);
GRANT SELECT, UPDATE ON s.t TO PUBLIC;
INSERT INTO s.t SELECT n, 'b' || n FROM generate_series(1, 1000) n;
CREATE TABLE only_here AS SELECT 1 AS n;
CREATE TABLE parent (id int PRIMARY KEY, note text DEFAULT 'none', n numeric CHECK (n > 0));
CREATE TABLE child (id serial, parent int CONSTRAINT fk REFERENCES parent);
CREATE INDEX child_parent ON child (parent);
CREATE TABLE log (at date, n int) PARTITION BY RANGE (at);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE loose (at date, n int);
CREATE TABLE heir () INHERITS (only_here);
CREATE UNLOGGED TABLE fast (n int);
CREATE VIEW v AS SELECT a FROM s.t;
CREATE MATERIALIZED VIEW mv AS SELECT count(*) FROM s.t;
CREATE SEQUENCE seq;
CREATE FUNCTION s.f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT n + 1$$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE TRIGGER tr BEFORE UPDATE ON s.t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE RULE r AS ON DELETE TO parent DO ALSO NOTIFY gone;
CREATE POLICY pol ON s.t USING (a > 0);
CREATE STATISTICS st ON a, b FROM s.t;
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TYPE pair AS (x int, y int);
CREATE TYPE span AS RANGE (SUBTYPE = float8);
CREATE DOMAIN positive AS int CONSTRAINT above CHECK (VALUE > 0);
CREATE OPERATOR s.<+> (LEFTARG = int, RIGHTARG = int, FUNCTION = int4lt);
CREATE OPERATOR FAMILY fam USING btree;
CREATE OPERATOR CLASS cls FOR TYPE int USING btree FAMILY fam AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =,
  OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(int, int);
CREATE CAST (mood AS int) WITH FUNCTION moody(mood);
CREATE COLLATION coll FROM "C";
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple, ACCEPT = false);
CREATE EVENT TRIGGER et ON ddl_command_end EXECUTE FUNCTION watch();
CREATE PUBLICATION pub FOR TABLE loose;
CREATE FOREIGN DATA WRAPPER fdw;
CREATE SERVER srv FOREIGN DATA WRAPPER fdw OPTIONS (host 'a');
CREATE USER MAPPING FOR PUBLIC SERVER srv OPTIONS (secret 'x');
CREATE FOREIGN TABLE far (n int) SERVER srv OPTIONS (name 'a');
COMMENT ON COLUMN s.t.a IS 'an a';
ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;
SELECT lo_from_bytea(0, 'one');
`.replace(
  'CREATE CAST',
  `CREATE FUNCTION moody(mood) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE CAST`,
);

export interface Change {
  readonly sql: string;
  /** What is found, all of it. */
  readonly found: string | readonly string[];
}

const RELATIONS: readonly Change[] = [
  { sql: 'CREATE SCHEMA s2', found: 'schema s2: only right' },
  { sql: 'GRANT USAGE ON SCHEMA s TO PUBLIC', found: 'schema s: acl' },
  { sql: 'DROP TABLE child', found: ['table public.child: only left'] },
  { sql: 'CREATE TABLE more (id serial PRIMARY KEY)', found: 'table public.more: only right' },
  { sql: 'GRANT DELETE ON s.t TO PUBLIC', found: 'table s.t: acl' },
  { sql: 'ALTER TABLE s.t SET (fillfactor = 50)', found: 'table s.t: options' },
  { sql: 'ALTER TABLE s.t ALTER a SET (n_distinct = 5)', found: 'table column s.t.a: options' },
  { sql: 'ALTER TABLE s.t ENABLE ROW LEVEL SECURITY', found: 'table s.t: row_security' },
  { sql: 'ALTER TABLE s.t REPLICA IDENTITY FULL', found: 'table s.t: replica_identity' },
  { sql: 'ALTER TABLE fast SET LOGGED', found: 'table public.fast: persistence' },
  {
    sql: 'ALTER TABLE heir NO INHERIT only_here',
    found: ['table column public.heir.n: is_local, inherited', 'table public.heir: parents'],
  },
  {
    sql: 'ALTER TABLE log ATTACH PARTITION loose DEFAULT',
    found: [
      'table column public.loose.at: is_local, inherited',
      'table column public.loose.n: is_local, inherited',
      'table public.loose: parents, partition_bound',
    ],
  },
  {
    sql: 'ALTER TABLE s.t ADD c int',
    found: ['table column s.t.c: only right', 'table s.t: rows 1000, 1000'],
  },
  { sql: 'ALTER TABLE parent ALTER note SET DEFAULT 1', found: ['table column public.parent.note: default'] },
  {
    sql: 'ALTER TABLE parent ALTER note SET NOT NULL',
    found: [
      'table constraint parent_note_not_null on public.parent: only right',
      'table column public.parent.note: not_null',
    ],
  },
  { sql: 'ALTER TABLE parent ALTER n TYPE numeric(9)', found: ['table column public.parent.n: type'] },
  {
    sql: 'ALTER TABLE parent ALTER note SET STORAGE EXTERNAL',
    found: 'table column public.parent.note: storage',
  },
  {
    sql: 'ALTER TABLE parent ALTER note SET STATISTICS 7',
    found: 'table column public.parent.note: statistics_target',
  },
  {
    sql: 'ALTER TABLE parent ALTER note SET COMPRESSION pglz',
    found: 'table column public.parent.note: compression',
  },
  { sql: 'ALTER TABLE child DROP CONSTRAINT fk', found: 'table constraint fk on public.child: only left' },
  { sql: 'ALTER TABLE child DISABLE TRIGGER ALL', found: 'table constraint fk on public.child: triggers' },
  {
    sql: 'ALTER TABLE child ALTER CONSTRAINT fk DEFERRABLE',
    found: 'table constraint fk on public.child: definition',
  },
  {
    sql: 'DROP INDEX child_parent; CREATE INDEX child_parent ON child (parent DESC)',
    found: 'index public.child_parent: definition',
  },
  { sql: 'ALTER TABLE child CLUSTER ON child_parent', found: 'index public.child_parent: clustered' },
  { sql: 'CREATE OR REPLACE VIEW v AS SELECT a + 0 AS a FROM s.t', found: 'view public.v: definition' },
  { sql: 'REFRESH MATERIALIZED VIEW mv WITH NO DATA', found: 'materialized view public.mv: populated' },
  {
    sql: 'DELETE FROM s.t WHERE a = 1; REFRESH MATERIALIZED VIEW mv',
    found: ['table s.t: rows 1000, 999', 'materialized view public.mv: rows 1, 1'],
  },
  { sql: "UPDATE s.t SET b = 'c' WHERE a = 1", found: 'table s.t: rows 1000, 1000' },
  { sql: "SELECT nextval('seq')", found: 'sequence public.seq: is_called' },
  { sql: "SELECT setval('seq', 9, false)", found: 'sequence public.seq: last_value' },
  { sql: 'ALTER SEQUENCE seq INCREMENT 2', found: 'sequence public.seq: increment' },
  { sql: 'ALTER SEQUENCE child_id_seq OWNED BY NONE', found: 'sequence public.child_id_seq: owned_by' },
  { sql: 'ALTER TABLE s.t DISABLE TRIGGER tr', found: 'trigger tr on s.t: enabled' },
  { sql: 'DROP RULE r ON parent', found: 'rule r on public.parent: only left' },
  { sql: 'ALTER POLICY pol ON s.t USING (a > 1)', found: 'policy pol on s.t: using' },
  { sql: 'ALTER STATISTICS st SET STATISTICS 9', found: 'statistics object public.st: statistics_target' },
  { sql: "COMMENT ON COLUMN s.t.a IS 'another'", found: 'table column s.t.a: comment' },
  { sql: "COMMENT ON CONSTRAINT fk ON child IS 'a'", found: 'table constraint fk on public.child: comment' },
];

const OTHERS: readonly Change[] = [
  {
    sql: 'CREATE OR REPLACE FUNCTION s.f(n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$SELECT n$$',
    found: 'function s.f(integer): definition',
  },
  {
    sql: 'CREATE FUNCTION s.f(n text) RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    found: 'function s.f(pg_catalog.text): only right',
  },
  { sql: 'REVOKE EXECUTE ON PROCEDURE p() FROM PUBLIC', found: 'procedure public.p(): acl' },
  {
    sql: "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')",
    found: 'aggregate public.total(integer): initial',
  },
  { sql: "ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad'", found: 'type public.mood: labels' },
  { sql: 'ALTER TYPE pair ADD ATTRIBUTE z int', found: 'composite type column public.pair.z: only right' },
  { sql: 'DROP TYPE span', found: ['type public.span: only left'] },
  { sql: 'ALTER DOMAIN positive SET DEFAULT 3', found: 'type public.positive: default' },
  {
    sql: 'ALTER DOMAIN positive DROP CONSTRAINT above',
    found: 'domain constraint above on public.positive: only left',
  },
  {
    sql: 'ALTER OPERATOR s.<+> (int, int) SET (RESTRICT = eqsel)',
    found: 'operator s.<+>(integer,integer): restrict',
  },
  {
    sql: 'ALTER OPERATOR FAMILY fam USING btree ADD FUNCTION 2 (int, int) btint4sortsupport(internal)',
    found: 'function of access method function 2 (integer, integer) of public.fam USING btree: only right',
  },
  {
    sql: 'ALTER OPERATOR CLASS cls USING btree RENAME TO cls2',
    found: [
      'operator class public.cls USING btree: only left',
      'operator class public.cls2 USING btree: only right',
    ],
  },
  {
    sql: 'DROP CAST (mood AS int); CREATE CAST (mood AS int) WITH FUNCTION moody(mood) AS IMPLICIT',
    found: 'cast (public.mood AS integer): context',
  },
  {
    sql: 'ALTER COLLATION coll RENAME TO coll2',
    found: ['collation public.coll: only left', 'collation public.coll2: only right'],
  },
  {
    sql: 'ALTER TEXT SEARCH CONFIGURATION words ALTER MAPPING FOR word WITH dict',
    found: 'text search configuration public.words: dictionaries',
  },
  {
    sql: 'ALTER TEXT SEARCH DICTIONARY dict (ACCEPT = true)',
    found: 'text search dictionary public.dict: options',
  },
  { sql: 'ALTER EVENT TRIGGER et DISABLE', found: 'event trigger et: enabled' },
  {
    sql: 'ALTER PUBLICATION pub SET TABLE loose (n)',
    found: 'publication relation public.loose in publication pub: columns',
  },
  {
    sql: "ALTER PUBLICATION pub SET (publish = 'insert')",
    found: 'publication pub: update, delete, truncate',
  },
  { sql: "ALTER SERVER srv OPTIONS (SET host 'b')", found: 'server srv: options' },
  {
    sql: "ALTER USER MAPPING FOR PUBLIC SERVER srv OPTIONS (SET secret 'y')",
    found: 'user mapping public on server srv: options',
  },
  {
    sql: "ALTER FOREIGN TABLE far OPTIONS (SET name 'b')",
    found: 'foreign table public.far: foreign_options',
  },
  { sql: "ALTER FOREIGN DATA WRAPPER fdw OPTIONS (ADD a 'b')", found: 'foreign-data wrapper fdw: options' },
  { sql: 'DROP EXTENSION hstore', found: 'extension hstore: only left' },
  {
    sql: 'ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT INSERT ON TABLES TO PUBLIC',
    found: 'default acl for role postgres in schema s on tables: acl',
  },
  {
    sql: "SELECT lo_from_bytea(0, 'one')",
    found: 'large object content 60b070c9d94c3c1b176d871c1b6c35c8, owner postgres: number',
  },
  { sql: "ALTER DATABASE DATABASE_NAME SET work_mem = '5MB'", found: 'database itself: settings' },
  { sql: "COMMENT ON DATABASE DATABASE_NAME IS 'x'", found: 'database itself: comment' },
  { sql: 'GRANT CREATE ON DATABASE DATABASE_NAME TO PUBLIC', found: 'database itself: acl' },
];

export const CHANGES: readonly Change[] = [...RELATIONS, ...OTHERS];
