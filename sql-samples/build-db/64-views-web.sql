CREATE VIEW web.visits_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.clicks, f.amount
FROM web.visits AS f
JOIN web.pages AS e ON e.id = f.page_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW web.monthly AS
SELECT country, month, count(*) AS visits, sum(clicks) AS clicks, sum(amount) AS amount
FROM web.visits_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON web.monthly (country, month);

CREATE VIEW web.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(visits) AS visits, sum(amount) AS amount
FROM web.monthly
GROUP BY country, date_trunc('year', month::timestamp);
