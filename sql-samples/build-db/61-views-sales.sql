CREATE VIEW sales.orders_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.items, f.amount
FROM sales.orders AS f
JOIN sales.customers AS e ON e.id = f.customer_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW sales.monthly AS
SELECT country, month, count(*) AS orders, sum(items) AS items, sum(amount) AS amount
FROM sales.orders_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON sales.monthly (country, month);

CREATE VIEW sales.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(orders) AS orders, sum(amount) AS amount
FROM sales.monthly
GROUP BY country, date_trunc('year', month::timestamp);
