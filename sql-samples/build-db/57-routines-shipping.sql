CREATE TABLE shipping.carriers_log (
    carrier_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     shipping.kind NOT NULL,
    PRIMARY KEY (carrier_id, revision)
);

CREATE FUNCTION shipping.log_carrier() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO shipping.carriers_log (carrier_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION shipping.total_of(carrier integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM shipping.parcels WHERE carrier_id = $1 $$;

CREATE TRIGGER carriers_revision BEFORE UPDATE ON shipping.carriers FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER carriers_log AFTER UPDATE ON shipping.carriers FOR EACH ROW EXECUTE FUNCTION shipping.log_carrier();

-- What the first ones were called before.
UPDATE shipping.carriers SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE shipping.parcels SET status = 'back', note = 'closed at the end of the year'
WHERE status = 'packed' AND day <= date '2023-12-31';
