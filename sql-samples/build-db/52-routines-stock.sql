CREATE TABLE stock.products_log (
    product_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     stock.kind NOT NULL,
    PRIMARY KEY (product_id, revision)
);

CREATE FUNCTION stock.log_product() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO stock.products_log (product_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION stock.total_of(product integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM stock.movements WHERE product_id = $1 $$;

CREATE TRIGGER products_revision BEFORE UPDATE ON stock.products FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER products_log AFTER UPDATE ON stock.products FOR EACH ROW EXECUTE FUNCTION stock.log_product();

-- What the first ones were called before.
UPDATE stock.products SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE stock.movements SET status = 'lost', note = 'closed at the end of the year'
WHERE status = 'in' AND day <= date '2023-12-31';
