-- How many customers buy for the first time in each month, and what do they spend then?
WITH firsts AS (
    SELECT DISTINCT ON (customer_id) customer_id, day, amount
    FROM star.sales
    ORDER BY customer_id, day, id
)
SELECT date_trunc('month', day)::date AS month, count(*) AS customers, sum(amount) AS amount
FROM firsts
GROUP BY date_trunc('month', day)::date
ORDER BY month;
