-- A number times a big prime, cut at 32 bits, looks like chance, and is the same in every run.
CREATE FUNCTION base.scatter(n bigint, prime bigint, below integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((n * prime & 4294967295) * below >> 32)::integer;

CREATE FUNCTION base.month_of(day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT make_date(extract(year FROM day)::integer, extract(month FROM day)::integer, 1) $$;

CREATE FUNCTION base.quarter_of(day date) RETURNS base.period
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
  SELECT ROW(date_trunc('quarter', day::timestamp)::date,
             (date_trunc('quarter', day::timestamp) + interval '3 months - 1 day')::date)::base.period
$$;

-- Of triggers: counts how often a row was changed.
CREATE FUNCTION base.count_revision() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END
$$;
