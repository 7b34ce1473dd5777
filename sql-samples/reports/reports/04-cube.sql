-- How do segments and countries compare, each alone and both together? (CUBE)
SELECT c.segment, c.country, count(DISTINCT s.customer_id) AS customers, sum(s.amount) AS amount
FROM star.sales AS s
JOIN star.customers AS c ON c.id = s.customer_id
GROUP BY CUBE (c.segment, c.country)
ORDER BY c.segment NULLS LAST, c.country NULLS LAST;
