CREATE TABLE hr.employees_log (
    employee_id  integer NOT NULL,
    revision integer NOT NULL,
    kind     hr.kind NOT NULL,
    PRIMARY KEY (employee_id, revision)
);

CREATE FUNCTION hr.log_employee() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  INSERT INTO hr.employees_log (employee_id, revision, kind) VALUES (NEW.id, NEW.revision, NEW.kind);
  RETURN NULL;
END
$$;

CREATE FUNCTION hr.total_of(employee integer) RETURNS numeric
LANGUAGE sql STABLE
AS $$ SELECT coalesce(sum(amount), 0) FROM hr.timesheets WHERE employee_id = $1 $$;

CREATE TRIGGER employees_revision BEFORE UPDATE ON hr.employees FOR EACH ROW EXECUTE FUNCTION base.count_revision();
CREATE TRIGGER employees_log AFTER UPDATE ON hr.employees FOR EACH ROW EXECUTE FUNCTION hr.log_employee();

-- What the first ones were called before.
UPDATE hr.employees SET name = name || ' (formerly ' || kind || ')' WHERE since < date '2015-06-01';
UPDATE hr.timesheets SET status = 'rejected', note = 'closed at the end of the year'
WHERE status = 'draft' AND day <= date '2023-12-31';
