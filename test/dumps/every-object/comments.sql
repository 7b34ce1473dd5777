-- A comment on every kind of object.

\set note 'it''s; a \\ "comment" :name\nsecond line\n-- third; line\n\\.\n$$ /* '
COMMENT ON ACCESS METHOD eo_heap IS :'note';
COMMENT ON AGGREGATE total(integer) IS :'note';
COMMENT ON AGGREGATE middle(float8 ORDER BY anyelement) IS :'note';
COMMENT ON CAST (pair AS integer) IS :'note';
COMMENT ON COLLATION plain_c IS :'note';
COMMENT ON COLUMN every_column.t IS :'note';
COMMENT ON COLUMN "it's; a ""schema"" \ :name"."tab ""le""; \. $$ -- /* :'x'"."two
lines" IS :'note';
COMMENT ON COLUMN simple_view.id IS :'note';
COMMENT ON COLUMN pair.a IS :'note';
COMMENT ON COLUMN far_table.id IS :'note';
COMMENT ON COLUMN mat.n IS :'note';
COMMENT ON CONSTRAINT "name; it's" ON country IS :'note';
COMMENT ON CONSTRAINT never_checked ON country IS :'note';
COMMENT ON CONSTRAINT has_capital ON country IS :'note';
COMMENT ON CONSTRAINT no_overlap ON booking IS :'note';
COMMENT ON CONSTRAINT above_zero ON DOMAIN positive IS :'note';
COMMENT ON CONVERSION other_conversion IS :'note';
COMMENT ON DOMAIN positive IS :'note';
COMMENT ON EVENT TRIGGER "eo_end; it's" IS :'note';
COMMENT ON EXTENSION hstore IS :'note';
COMMENT ON FOREIGN DATA WRAPPER eo_wrapper IS :'note';
COMMENT ON FOREIGN TABLE far_table IS :'note';
COMMENT ON FUNCTION "fün; it's ""quoted"" \ :name"(integer) IS :'note';
COMMENT ON INDEX indexed_partial IS :'note';
COMMENT ON INDEX country_pkey IS :'note';
COMMENT ON LANGUAGE eo_lang IS :'note';
COMMENT ON MATERIALIZED VIEW mat IS :'note';
COMMENT ON OPERATOR <(base, base) IS :'note';
COMMENT ON OPERATOR @#@(NONE, pair) IS :'note';
COMMENT ON OPERATOR CLASS base_ops USING btree IS :'note';
COMMENT ON OPERATOR FAMILY empty_family USING gin IS :'note';
COMMENT ON POLICY "policy; it's" ON texts IS :'note';
COMMENT ON PROCEDURE commits(integer, integer) IS :'note';
COMMENT ON PUBLICATION "eo_root; it's" IS :'note';
COMMENT ON RULE several ON column_default IS :'note';
COMMENT ON SCHEMA "it's; a ""schema"" \ :name" IS :'note';
COMMENT ON SCHEMA public IS :'note';
COMMENT ON SEQUENCE "it's; a ""seq"" \ :name" IS :'note';
COMMENT ON SERVER "eo_server; it's" IS :'note';
COMMENT ON STATISTICS "stat; it's" IS :'note';
COMMENT ON SUBSCRIPTION "eo_sub; it's" IS :'note';
COMMENT ON TABLE every_column IS :'note';
COMMENT ON TABLE measured IS :'note';
COMMENT ON TABLE "s p"."first line
second; line \connect nowhere
third" IS :'note';
COMMENT ON TEXT SEARCH CONFIGURATION own_config IS :'note';
COMMENT ON TEXT SEARCH DICTIONARY "dict; it's" IS :'note';
COMMENT ON TEXT SEARCH PARSER own_parser IS :'note';
COMMENT ON TEXT SEARCH TEMPLATE own_template IS :'note';
COMMENT ON TRANSFORM FOR integer LANGUAGE sql IS :'note';
COMMENT ON TRIGGER "disabled; it's" ON watched IS :'note';
COMMENT ON TYPE base IS :'note';
COMMENT ON TYPE mood IS :'note';
COMMENT ON TYPE float_range IS :'note';
COMMENT ON VIEW simple_view IS :'note';
