CREATE TABLE marketing.campaigns_log (
    campaign_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     marketing.kind NOT NULL,
    PRIMARY KEY (campaign_id, revision)
);

CREATE FUNCTION marketing.log_campaign() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO marketing.campaigns_log (campaign_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION marketing.total_of(campaign integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM marketing.touches WHERE campaign_id = $1 $$;

CREATE TRIGGER campaigns_revision BEFORE UPDATE ON marketing.campaigns FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER campaigns_log AFTER UPDATE ON marketing.campaigns FOR EACH ROW EXECUTE FUNCTION marketing.log_campaign();

-- What the first ones were called before.
UPDATE marketing.campaigns SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE marketing.touches SET status = 'ignored', note = 'closed at the end of the year'
WHERE status = 'seen' AND day <= date '2023-12-31';
