CREATE TABLE support.agents_log (
    agent_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     support.kind NOT NULL,
    PRIMARY KEY (agent_id, revision)
);

CREATE FUNCTION support.log_agent() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO support.agents_log (agent_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION support.total_of(agent integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM support.tickets WHERE agent_id = $1 $$;

CREATE TRIGGER agents_revision BEFORE UPDATE ON support.agents FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER agents_log AFTER UPDATE ON support.agents FOR EACH ROW EXECUTE FUNCTION support.log_agent();

-- What the first ones were called before.
UPDATE support.agents SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE support.tickets SET status = 'solved', note = 'closed at the end of the year'
WHERE status = 'new' AND day <= date '2023-12-31';
