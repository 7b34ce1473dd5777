-- Brands year by year, a column each. (FILTER as a pivot)
SELECT p.brand,
       sum(s.amount) FILTER (WHERE d.year = 2022) AS "2022",
       sum(s.amount) FILTER (WHERE d.year = 2023) AS "2023",
       sum(s.amount) FILTER (WHERE d.year = 2024) AS "2024"
FROM star.sales AS s
JOIN star.products AS p ON p.id = s.product_id
JOIN star.dates AS d USING (day)
GROUP BY p.brand
ORDER BY p.brand;
