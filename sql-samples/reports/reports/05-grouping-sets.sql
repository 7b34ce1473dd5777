-- Sales by year and quarter, by weekday, and at weekends, in one pass over the facts. (GROUPING SETS over partial sums)
WITH days AS (
    SELECT day, sum(amount) AS amount FROM star.sales GROUP BY day
)
SELECT d.year, d.quarter, d.weekday, d.weekend, sum(days.amount) AS amount
FROM days
JOIN star.dates AS d USING (day)
GROUP BY GROUPING SETS ((d.year, d.quarter), (d.weekday), (d.weekend), ())
ORDER BY d.year NULLS LAST, d.quarter, d.weekday NULLS LAST, d.weekend NULLS LAST;
