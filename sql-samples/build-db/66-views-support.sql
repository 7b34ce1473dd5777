CREATE VIEW support.tickets_by_country AS
SELECT c.code AS country, c.name, f.month, f.status, f.replies, f.amount
FROM support.tickets AS f
JOIN support.agents AS e ON e.id = f.agent_id
JOIN base.countries AS c ON c.code = e.country;

CREATE MATERIALIZED VIEW support.monthly AS
SELECT country, month, count(*) AS tickets, sum(replies) AS replies, sum(amount) AS amount
FROM support.tickets_by_country
GROUP BY country, month;

CREATE UNIQUE INDEX ON support.monthly (country, month);

CREATE VIEW support.yearly AS
SELECT country, date_trunc('year', month::timestamp)::date AS year, sum(tickets) AS tickets, sum(amount) AS amount
FROM support.monthly
GROUP BY country, date_trunc('year', month::timestamp);
