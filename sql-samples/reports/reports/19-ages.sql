-- What do people of each age buy on weekdays and at weekends? (Four tables)
SELECT (d.year - c.born_in) / 10 * 10 AS age, p.category, d.weekend, sum(s.amount) AS amount
FROM star.sales AS s
JOIN star.dates AS d USING (day)
JOIN star.customers AS c ON c.id = s.customer_id
JOIN star.products AS p ON p.id = s.product_id
GROUP BY age, p.category, d.weekend
ORDER BY age, p.category, d.weekend;
