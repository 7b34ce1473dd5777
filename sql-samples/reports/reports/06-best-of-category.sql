-- The three products of each category that sell best. (Top n of each group)
WITH sold AS (
    SELECT product_id, sum(amount) AS amount FROM star.sales GROUP BY product_id
), ranked AS (
    SELECT p.category, p.name, sold.amount,
           row_number() OVER (PARTITION BY p.category ORDER BY sold.amount DESC, p.id) AS place
    FROM sold
    JOIN star.products AS p ON p.id = sold.product_id
)
SELECT category, place, name, amount
FROM ranked
WHERE place <= 3
ORDER BY category, place;
