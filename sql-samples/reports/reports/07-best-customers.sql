-- The ten best customers of each country. (Top n of each group by LATERAL)
WITH spent AS (
    SELECT c.country, c.id, c.name, sum(s.amount) AS amount
    FROM star.sales AS s
    JOIN star.customers AS c ON c.id = s.customer_id
    GROUP BY c.country, c.id, c.name
)
SELECT countries.country, best.name, best.amount
FROM (SELECT DISTINCT country FROM star.customers) AS countries
CROSS JOIN LATERAL (
    SELECT name, amount, id FROM spent WHERE spent.country = countries.country ORDER BY amount DESC, id LIMIT 10
) AS best
ORDER BY countries.country, best.amount DESC, best.id;
