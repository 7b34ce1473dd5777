CREATE VIEW shipping.parcels_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.stops, f.amount
FROM shipping.parcels AS f
JOIN shipping.carriers AS e ON e.id = f.carrier_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW shipping.monthly AS
SELECT country, month, count(*) AS parcels, sum(stops) AS stops, sum(amount) AS amount
FROM shipping.parcels_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON shipping.monthly (country, month);

CREATE VIEW shipping.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(parcels) AS parcels, sum(amount) AS amount
FROM shipping.monthly
GROUP BY country, date_trunc('year', month::timestamp);
