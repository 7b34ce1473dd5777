-- Which categories earn most?
SELECT p.category, sum(s.amount) AS amount, sum(s.amount - p.cost * s.quantity) AS margin
FROM star.sales AS s
JOIN star.products AS p ON p.id = s.product_id
GROUP BY p.category
ORDER BY margin DESC, p.category;
