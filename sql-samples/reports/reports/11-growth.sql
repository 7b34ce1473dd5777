-- How much more did each region sell in a month than a year before? (lag)
WITH months AS (
    SELECT st.region, d.month, sum(s.amount) AS amount
    FROM star.sales AS s
    JOIN star.dates AS d USING (day)
    JOIN star.stores AS st ON st.id = s.store_id
    GROUP BY st.region, d.month
)
SELECT region, month, amount,
       round(100 * amount / lag(amount, 12) OVER (PARTITION BY region ORDER BY month) - 100, 1) AS percent
FROM months
ORDER BY region, month;
