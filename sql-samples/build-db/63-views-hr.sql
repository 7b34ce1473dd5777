CREATE VIEW hr.timesheets_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.hours, f.amount
FROM hr.timesheets AS f
JOIN hr.employees AS e ON e.id = f.employee_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW hr.monthly AS
SELECT country, month, count(*) AS timesheets, sum(hours) AS hours, sum(amount) AS amount
FROM hr.timesheets_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON hr.monthly (country, month);

CREATE VIEW hr.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(timesheets) AS timesheets, sum(amount) AS amount
FROM hr.monthly
GROUP BY country, date_trunc('year', month::timestamp);
