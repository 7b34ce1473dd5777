-- Customers who bought in 2022 and not in 2024. (Semi-join and anti-join)
SELECT c.country, count(*) AS customers
FROM star.customers AS c
WHERE EXISTS (SELECT FROM star.sales AS s WHERE s.customer_id = c.id AND s.day < date '2023-01-01')
  AND NOT EXISTS (SELECT FROM star.sales AS s WHERE s.customer_id = c.id AND s.day >= date '2024-01-01')
GROUP BY c.country
ORDER BY c.country;
