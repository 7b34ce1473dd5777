-- Names that need quoting, wherever a name may stand.

CREATE SCHEMA "s p";
CREATE SCHEMA "it's; a ""schema"" \ :name" AUTHORIZATION "eo_it's; a ""rôle"" \ :name";
CREATE SCHEMA "SELECT";
CREATE TABLE "it's; a ""schema"" \ :name"."tab ""le""; \. $$ -- /* :'x'" (
  "a b" integer PRIMARY KEY,
  ":name" text,
  ":'quoted'" text,
  "it's" text,
  "two
lines" text,
  "back\slash" text,
  "dou""ble" text,
  "semi;colon" text,
  "--" text,
  "/*" text,
  "$1$" text,
  "naïve 日本" text,
  "table" text,
  "UPPER" text,
  "\." text
);
CREATE TABLE "s p"."first line
second; line \connect nowhere
third" (a integer);
CREATE TABLE "SELECT"."table" ("user" text, "order" integer, "end" integer DEFAULT 1, "begin" integer, "atomic" integer);
CREATE VIEW "SELECT"."begin atomic" AS SELECT CASE WHEN "end" = 1 THEN "begin" END AS "case" FROM "SELECT"."table";
CREATE TYPE "s p"."type; it's" AS ENUM (':name', '"', '''', '\', E'\n', '$$', '日本');
CREATE DOMAIN "s p"."domain; ""x""" AS text CONSTRAINT "check; it's" CHECK (VALUE <> ';');
CREATE FUNCTION "s p"."$$; body"("a b" "s p"."type; it's") RETURNS text LANGUAGE plpgsql AS $x$
BEGIN
  RETURN $$ $_$ 'it''s' "x" ; \ :name :'name' :"name" {{name}} $_$ $$;
END $x$;
CREATE INDEX "index
on two lines" ON "s p"."first line
second; line \connect nowhere
third" (a);
CREATE INDEX ON "it's; a ""schema"" \ :name"."tab ""le""; \. $$ -- /* :'x'" ("semi;colon", lower(":name"));
INSERT INTO "it's; a ""schema"" \ :name"."tab ""le""; \. $$ -- /* :'x'"
  SELECT i, ':name', ':''x''', 'it''s', E'two\nlines', '\', '"', ';', '--', '/*', '$1$', 'naïve 日本', 'table', 'UPPER', '\.' FROM generate_series(1, 3) AS i;
INSERT INTO "s p"."first line
second; line \connect nowhere
third" VALUES (1), (2);
INSERT INTO "SELECT"."table" VALUES ('end', 1, 2, 3, 4);
