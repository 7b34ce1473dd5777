CREATE TABLE billing.accounts_log (
    account_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     billing.kind NOT NULL,
    PRIMARY KEY (account_id, revision)
);

CREATE FUNCTION billing.log_account() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO billing.accounts_log (account_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION billing.total_of(account integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM billing.invoices WHERE account_id = $1 $$;

CREATE TRIGGER accounts_revision BEFORE UPDATE ON billing.accounts FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER accounts_log AFTER UPDATE ON billing.accounts FOR EACH ROW EXECUTE FUNCTION billing.log_account();

-- What the first ones were called before.
UPDATE billing.accounts SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE billing.invoices SET status = 'overdue', note = 'closed at the end of the year'
WHERE status = 'draft' AND day <= date '2023-12-31';
