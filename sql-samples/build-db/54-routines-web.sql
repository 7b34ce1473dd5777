CREATE TABLE web.pages_log (
    page_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     web.kind NOT NULL,
    PRIMARY KEY (page_id, revision)
);

CREATE FUNCTION web.log_page() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO web.pages_log (page_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION web.total_of(page integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM web.visits WHERE page_id = $1 $$;

CREATE TRIGGER pages_revision BEFORE UPDATE ON web.pages FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER pages_log AFTER UPDATE ON web.pages FOR EACH ROW EXECUTE FUNCTION web.log_page();

-- What the first ones were called before.
UPDATE web.pages SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE web.visits SET status = 'failed', note = 'closed at the end of the year'
WHERE status = 'read' AND day <= date '2023-12-31';
