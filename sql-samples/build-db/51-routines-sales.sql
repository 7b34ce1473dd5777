CREATE TABLE sales.customers_log (
    customer_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     sales.kind NOT NULL,
    PRIMARY KEY (customer_id, revision)
);

CREATE FUNCTION sales.log_customer() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO sales.customers_log (customer_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION sales.total_of(customer integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM sales.orders WHERE customer_id = $1 $$;

CREATE TRIGGER customers_revision BEFORE UPDATE ON sales.customers FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER customers_log AFTER UPDATE ON sales.customers FOR EACH ROW EXECUTE FUNCTION sales.log_customer();

-- What the first ones were called before.
UPDATE sales.customers SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE sales.orders SET status = 'returned', note = 'closed at the end of the year'
WHERE status = 'open' AND day <= date '2023-12-31';
