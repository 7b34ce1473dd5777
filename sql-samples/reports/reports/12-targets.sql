-- Stores against their targets: those without sales and those without a target too. (FULL JOIN)
WITH sold AS (
    SELECT s.store_id, d.year, sum(s.amount) AS amount
    FROM star.sales AS s
    JOIN star.dates AS d USING (day)
    GROUP BY s.store_id, d.year
), wanted AS (
    SELECT store_id, extract(year FROM month)::smallint AS year, sum(amount) AS amount
    FROM star.targets
    GROUP BY store_id, extract(year FROM month)::smallint
)
SELECT coalesce(sold.store_id, wanted.store_id) AS store, coalesce(sold.year, wanted.year) AS year,
       sold.amount AS sold, wanted.amount AS target, round(100 * sold.amount / wanted.amount) AS percent
FROM sold
FULL JOIN wanted ON wanted.store_id = sold.store_id AND wanted.year = sold.year
ORDER BY store, year;
