-- How much was sold in each month?
SELECT d.month, count(*) AS sales, sum(s.quantity) AS pieces, sum(s.amount) AS amount
FROM star.sales AS s
JOIN star.dates AS d USING (day)
GROUP BY d.month
ORDER BY d.month;
