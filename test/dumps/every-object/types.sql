-- Types, domains, ranges, collations, conversions.

CREATE COLLATION plain_c (provider = libc, locale = 'C');
CREATE COLLATION copied FROM "C";
\if :icu
CREATE COLLATION phonebook (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
\else
CREATE COLLATION phonebook (provider = libc, locale = 'C');
CREATE COLLATION caseless (provider = libc, locale = 'C');
\endif
CREATE DEFAULT CONVERSION latin_conversion FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE CONVERSION other_conversion FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s; \ "happy"', 'glücklich 日本');
CREATE TYPE one_by_one AS ENUM ();
ALTER TYPE one_by_one ADD VALUE 'last';
ALTER TYPE one_by_one ADD VALUE 'first' BEFORE 'last';
CREATE TYPE nothing AS ();
CREATE TYPE pair AS (a integer, "b; :c" text COLLATE "C", d numeric(8, 2)[]);
CREATE TYPE nested AS (p pair, ps pair[], m mood);

CREATE DOMAIN positive AS integer DEFAULT 1 NOT NULL CONSTRAINT above_zero CHECK (VALUE > 0);
ALTER DOMAIN positive ADD CONSTRAINT below_limit CHECK (VALUE < 1000000) NOT VALID;
CREATE DOMAIN word AS ext.citext COLLATE "C" CHECK (VALUE ~ E'^[^\\s;]+$' AND VALUE <> 'it''s');
CREATE DOMAIN short_word AS word CHECK (length(VALUE) < 40);
CREATE DOMAIN pair_domain AS pair CHECK ((VALUE).a IS NULL OR (VALUE).a <> 7);

CREATE FUNCTION float_gap(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT $1 - $2';
CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float_gap, multirange_type_name = many_floats);
CREATE TYPE word_range AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);

-- A base type without C: the functions are those of integer.
CREATE TYPE base;
CREATE FUNCTION base_in(cstring) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION base_out(base) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE FUNCTION base_receive(internal) RETURNS base LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION base_send(base) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';
CREATE TYPE base (
  INPUT = base_in, OUTPUT = base_out, RECEIVE = base_receive, SEND = base_send,
  LIKE = integer, CATEGORY = 'n', PREFERRED = true, DEFAULT = '42', DELIMITER = ';', COLLATABLE = false
);
CREATE TYPE never_defined;
