-- Sales day by day, added up since the year began, and the mean of seven days. (Windows)
WITH days AS (
    SELECT day, sum(amount) AS amount FROM star.sales GROUP BY day
)
SELECT d.day, days.amount,
       sum(days.amount) OVER (PARTITION BY d.year ORDER BY d.day) AS since_new_year,
       round(avg(days.amount) OVER (ORDER BY d.day ROWS 6 PRECEDING), 2) AS mean_of_week
FROM star.dates AS d
LEFT JOIN days USING (day)
ORDER BY d.day;
