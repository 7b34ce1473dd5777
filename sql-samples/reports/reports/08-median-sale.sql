-- What is the middle sale of each category, and what do the dearest five in a hundred cost? (An ordered-set aggregate: it
-- needs all its rows in one place, so PostgreSQL does it on one core)
SELECT p.category,
       percentile_disc(0.5) WITHIN GROUP (ORDER BY s.amount) AS median,
       percentile_disc(0.95) WITHIN GROUP (ORDER BY s.amount) AS p95
FROM star.sales AS s
JOIN star.products AS p ON p.id = s.product_id
GROUP BY p.category
ORDER BY p.category;
