-- Functions, procedures, aggregates in all languages at hand and with all options.

CREATE FUNCTION plain_sql(a integer, b text DEFAULT E'it''s; \\ \n', VARIADIC c integer[] DEFAULT '{}') RETURNS text
  LANGUAGE sql IMMUTABLE LEAKPROOF STRICT PARALLEL SAFE COST 7 AS $$SELECT a || b || c::text /* ; ' " \ :name $1 */$$;
CREATE FUNCTION atomic_body(a integer) RETURNS integer LANGUAGE sql
  BEGIN ATOMIC
    SELECT a + 1;
    SELECT CASE WHEN a > 0 THEN 1 ELSE 0 END;
  END;
CREATE FUNCTION atomic_return(a integer) RETURNS integer LANGUAGE sql STABLE RETURN CASE a WHEN 1 THEN 2 ELSE 3 END;
CREATE FUNCTION rows_of(n integer) RETURNS TABLE (i integer, t text) LANGUAGE sql STABLE ROWS 17
  AS 'SELECT i, ''it''''s'' || i FROM generate_series(1, n) AS i';
CREATE FUNCTION set_of() RETURNS SETOF mood LANGUAGE sql SUPPORT pg_catalog.generate_series_int4_support
  AS $$SELECT unnest(enum_range(NULL::eo.mood))$$;
CREATE FUNCTION many_ways(IN a integer, INOUT b text, OUT c pair) LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = eo, "s p", pg_temp SET work_mem FROM CURRENT SET "eo.setting" = 'it''s; \' AS $_$
DECLARE
  quoted text := $q$it's; a "string" \ :name$q$;
BEGIN
  -- an apostrophe's comment; with $$ and $q$
  b := b || quoted || E'\n\\.\n';
  c := ROW (a, b, NULL);
END;
$_$;
CREATE FUNCTION anything(anyelement, "any; thing" anyarray) RETURNS anyelement LANGUAGE plpgsql CALLED ON NULL INPUT
  AS 'BEGIN RETURN $1; END';
CREATE FUNCTION own_language() RETURNS integer LANGUAGE eo_lang AS 'begin return 1; end';
CREATE FUNCTION with_transform(integer) RETURNS integer LANGUAGE sql TRANSFORM FOR TYPE integer AS 'SELECT $1';
CREATE FUNCTION numbered() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE STRICT AS 'window_row_number';
CREATE FUNCTION from_library(cube) RETURNS boolean LANGUAGE c IMMUTABLE STRICT AS '$libdir/cube', 'cube_is_point';
CREATE FUNCTION "fün; it's ""quoted"" \ :name"("sél; ""ect""" integer) RETURNS integer LANGUAGE sql AS 'SELECT 1; SELECT 2';
CREATE FUNCTION overloaded(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION overloaded(text, integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 2';

CREATE PROCEDURE commits(IN a integer, INOUT b integer DEFAULT 2) LANGUAGE plpgsql AS $$
BEGIN
  COMMIT;
  b := a;
END $$;
CREATE PROCEDURE atomic_procedure(a integer, OUT b integer)
  BEGIN ATOMIC
    SELECT a;
  END;

-- A body with CRLF line ends, a lone CR, a tab, and a line that looks like the end of COPY data.
DO $do$ BEGIN
  EXECUTE format('CREATE FUNCTION eo.line_ends() RETURNS text LANGUAGE sql AS %L', E'SELECT ''a\r\nb\rc\td''\r\n/* e\r\n\\.\n\\connect nowhere\n*/');
END $do$;

CREATE AGGREGATE total(integer) (
  SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl, PARALLEL = safe,
  MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0'
);
CREATE AGGREGATE joined(text, text) (SFUNC = string_agg_transfn, STYPE = internal, FINALFUNC = string_agg_finalfn);
CREATE AGGREGATE biggest(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
CREATE AGGREGATE middle(float8 ORDER BY anyelement) (
  SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA
);
CREATE AGGREGATE place(VARIADIC "any" ORDER BY VARIADIC "any") (
  SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL
);
CREATE AGGREGATE counted(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0', FINALFUNC_MODIFY = read_only);
