-- Which categories are bought by the same customer within ten days? (The facts joined with themselves: it takes the longest)
SELECT least(p.category, q.category) AS one, greatest(p.category, q.category) AS other, count(*) AS pairs
FROM star.sales AS s
JOIN star.sales AS t ON t.customer_id = s.customer_id AND t.id > s.id AND abs(t.day - s.day) <= 10
JOIN star.products AS p ON p.id = s.product_id
JOIN star.products AS q ON q.id = t.product_id
WHERE p.category <> q.category
GROUP BY one, other
ORDER BY pairs DESC, one, other;
