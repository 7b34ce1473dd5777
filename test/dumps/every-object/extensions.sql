-- Extensions of contrib, some in a schema of their own, and what only they bring: access methods, languages.

CREATE SCHEMA eo AUTHORIZATION eo_owner;
CREATE SCHEMA ext;
CREATE EXTENSION hstore;
CREATE EXTENSION citext WITH SCHEMA ext;
CREATE EXTENSION pg_trgm WITH SCHEMA ext;
CREATE EXTENSION btree_gist WITH SCHEMA ext;
CREATE EXTENSION btree_gin;
CREATE EXTENSION bloom WITH SCHEMA ext;
CREATE EXTENSION intarray WITH SCHEMA ext;
CREATE EXTENSION ltree;
CREATE EXTENSION cube;
CREATE EXTENSION earthdistance CASCADE;
CREATE EXTENSION unaccent WITH SCHEMA ext;
CREATE EXTENSION dict_int WITH SCHEMA ext;
CREATE EXTENSION tablefunc WITH SCHEMA ext;
CREATE EXTENSION lo WITH SCHEMA ext;
CREATE EXTENSION pgcrypto WITH SCHEMA ext;
CREATE EXTENSION file_fdw;
CREATE EXTENSION postgres_fdw;

CREATE ACCESS METHOD eo_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE ACCESS METHOD eo_bloom TYPE INDEX HANDLER ext.blhandler;
-- A language is dumped with its handlers only if they are dumped too.
CREATE FUNCTION eo.lang_call() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION eo.lang_inline(internal) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION eo.lang_validator(oid) RETURNS void LANGUAGE c STRICT AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE eo_lang HANDLER eo.lang_call INLINE eo.lang_inline VALIDATOR eo.lang_validator;
ALTER LANGUAGE eo_lang OWNER TO eo_admin;
CREATE TRANSFORM FOR integer LANGUAGE sql (FROM SQL WITH FUNCTION prsd_lextype(internal), TO SQL WITH FUNCTION int4recv(internal));

SET search_path = eo, ext, public;
