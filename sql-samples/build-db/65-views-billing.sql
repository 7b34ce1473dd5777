CREATE VIEW billing.invoices_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.lines, f.amount
FROM billing.invoices AS f
JOIN billing.accounts AS e ON e.id = f.account_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW billing.monthly AS
SELECT country, month, count(*) AS invoices, sum(lines) AS lines, sum(amount) AS amount
FROM billing.invoices_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON billing.monthly (country, month);

CREATE VIEW billing.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(invoices) AS invoices, sum(amount) AS amount
FROM billing.monthly
GROUP BY country, date_trunc('year', month::timestamp);
