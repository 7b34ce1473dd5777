CREATE TABLE summary.months AS
SELECT c.month, e.area, sum(e.amount) AS amount,
       sum(e.amount) - lag(sum(e.amount)) OVER (PARTITION BY e.area ORDER BY c.month) AS change
FROM (SELECT DISTINCT month FROM base.calendar) AS c
LEFT JOIN summary.everything AS e ON e.month = c.month
GROUP BY c.month, e.area;
