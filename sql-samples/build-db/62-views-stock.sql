CREATE VIEW stock.movements_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.pieces, f.amount
FROM stock.movements AS f
JOIN stock.products AS e ON e.id = f.product_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW stock.monthly AS
SELECT country, month, count(*) AS movements, sum(pieces) AS pieces, sum(amount) AS amount
FROM stock.movements_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON stock.monthly (country, month);

CREATE VIEW stock.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(movements) AS movements, sum(amount) AS amount
FROM stock.monthly
GROUP BY country, date_trunc('year', month::timestamp);
