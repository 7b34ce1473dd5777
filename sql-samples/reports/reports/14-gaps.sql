-- How many days pass between two purchases of a customer? (lag over all facts)
WITH gaps AS (
    SELECT day - lag(day) OVER (PARTITION BY customer_id ORDER BY day, id) AS days FROM star.sales
)
SELECT width_bucket(days, 0, 100, 10) AS bucket, count(*) AS purchases, min(days) AS least, max(days) AS most
FROM gaps
WHERE days IS NOT NULL
GROUP BY bucket
ORDER BY bucket;
