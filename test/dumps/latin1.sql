-- A database whose text all fits into Latin-1, for dumps in that encoding. For psql, in an empty UTF-8 database.
SET client_encoding = 'UTF8';
CREATE SCHEMA "Größe; ça";
CREATE TABLE "Größe; ça"."élève" ("numéro" integer PRIMARY KEY, "prénom" text DEFAULT 'Zoë; ÿ', à text);
COMMENT ON TABLE "Größe; ça"."élève" IS E'«ça» n''est pas ÿ \\ ß\nà la ligne';
CREATE FUNCTION "Größe; ça"."prénom"() RETURNS text LANGUAGE sql AS $é$SELECT 'é; ''ü'' ¿'$é$;
INSERT INTO "Größe; ça"."élève" SELECT i, chr(i), E'\\' || chr(i) || E'\n' || chr(i) || E'\t' FROM generate_series(32, 255) AS i WHERE i NOT BETWEEN 127 AND 159;
INSERT INTO "Größe; ça"."élève" VALUES (1000, repeat('é', 100000), repeat(E'ÿ\\', 50000));
CREATE VIEW "Größe; ça".vue AS SELECT "prénom" || 'é' AS "désigné" FROM "Größe; ça"."élève" WHERE à <> 'à';
