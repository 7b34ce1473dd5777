CREATE VIEW marketing.touches_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.seconds, f.amount
FROM marketing.touches AS f
JOIN marketing.campaigns AS e ON e.id = f.campaign_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW marketing.monthly AS
SELECT country, month, count(*) AS touches, sum(seconds) AS seconds, sum(amount) AS amount
FROM marketing.touches_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON marketing.monthly (country, month);

CREATE VIEW marketing.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(touches) AS touches, sum(amount) AS amount
FROM marketing.monthly
GROUP BY country, date_trunc('year', month::timestamp);
