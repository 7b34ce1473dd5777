-- Rights, default rights, row security, owners.

ALTER TABLE texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE city ENABLE ROW LEVEL SECURITY;
ALTER TABLE city FORCE ROW LEVEL SECURITY;
CREATE POLICY "policy; it's" ON texts USING (t <> E'it''s; \\ :name\n');
CREATE POLICY only_insert ON texts AS RESTRICTIVE FOR INSERT TO eo_writer, "eo_it's; a ""rôle"" \ :name" WITH CHECK (id > 0);
CREATE POLICY updates ON city FOR UPDATE TO eo_writer USING (name = CURRENT_USER) WITH CHECK (EXISTS (SELECT FROM country WHERE code = country));
CREATE POLICY deletes ON city FOR DELETE TO PUBLIC USING (false);

ALTER SCHEMA "s p" OWNER TO "eo_SELECT";
ALTER TABLE watched OWNER TO eo_writer;
ALTER FUNCTION plain_sql(integer, text, integer[]) OWNER TO eo_owner;
ALTER TYPE mood OWNER TO eo_owner;
ALTER MATERIALIZED VIEW mat OWNER TO eo_owner;

GRANT USAGE, CREATE ON SCHEMA eo TO eo_writer;
GRANT USAGE ON SCHEMA eo, "it's; a ""schema"" \ :name" TO PUBLIC;
GRANT ALL ON SCHEMA public TO eo_owner WITH GRANT OPTION;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT SELECT ON texts, city TO eo_reader WITH GRANT OPTION;
GRANT ALL ON texts TO eo_writer;
SET ROLE eo_reader;
GRANT SELECT ON eo.texts TO "eo_it's; a ""rôle"" \ :name";
RESET ROLE;
REVOKE UPDATE ON every_column FROM eo_owner;
GRANT SELECT (id, t), INSERT ("select"), UPDATE (t), REFERENCES (id) ON every_column TO eo_reader WITH GRANT OPTION;
GRANT SELECT (":name", "two
lines") ON "it's; a ""schema"" \ :name"."tab ""le""; \. $$ -- /* :'x'" TO "eo_it's; a ""rôle"" \ :name";
GRANT SELECT, TRIGGER ON simple_view, mat TO PUBLIC;
GRANT USAGE, SELECT, UPDATE ON SEQUENCE counter TO eo_writer;
REVOKE ALL ON FUNCTION plain_sql(integer, text, integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plain_sql(integer, text, integer[]) TO eo_writer WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE commits(integer, integer) TO eo_reader;
GRANT EXECUTE ON FUNCTION total(integer) TO eo_reader;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood, positive TO eo_writer;
REVOKE USAGE ON LANGUAGE eo_lang FROM PUBLIC;
GRANT USAGE ON LANGUAGE eo_lang TO eo_writer;
GRANT USAGE ON FOREIGN DATA WRAPPER eo_wrapper TO eo_writer WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER eo_files TO eo_reader;
-- Rights on what an extension and the system itself made.
GRANT EXECUTE ON FUNCTION ext.normal_rand(integer, float8, float8) TO eo_reader;
REVOKE EXECUTE ON FUNCTION ext.normal_rand(integer, float8, float8) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_logdir() TO eo_reader;
GRANT SELECT ON pg_catalog.pg_statistic TO eo_reader;

ALTER DEFAULT PRIVILEGES FOR ROLE eo_owner GRANT SELECT ON TABLES TO eo_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE eo_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE eo_owner, "eo_it's; a ""rôle"" \ :name" IN SCHEMA eo, "s p" GRANT INSERT ON TABLES TO eo_writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE eo_writer IN SCHEMA eo GRANT USAGE ON SEQUENCES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE eo_writer GRANT USAGE ON TYPES TO eo_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE eo_writer GRANT USAGE ON SCHEMAS TO eo_reader;
