-- The best three of each country, and what they have of its total.
CREATE TABLE sales.best_customers AS
SELECT country, place, customer_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.customer_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.customer_id) AS place
    FROM sales.orders AS f
    JOIN sales.customers AS e ON e.id = f.customer_id
    GROUP BY e.country, f.customer_id
) AS ranked
WHERE place <= 3;

-- The usual amount of each kind and status, and all sums above it.
CREATE TABLE sales.usual_amounts AS
SELECT e.kind, f.status, grouping(e.kind, f.status) AS level, count(*) AS orders, sum(f.amount) AS amount,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.amount::float8) AS median
FROM sales.orders AS f
JOIN sales.customers AS e ON e.id = f.customer_id
GROUP BY CUBE (e.kind, f.status);

-- Days in a row: how long each went on without a pause of more than a week.
CREATE TABLE sales.streaks AS
SELECT customer_id, min(day) AS first_day, max(day) AS last_day, count(*) AS orders
FROM (
    SELECT customer_id, day, count(*) FILTER (WHERE pause > 7) OVER (PARTITION BY customer_id ORDER BY day, id) AS streak
    FROM (
        SELECT id, customer_id, day, day - lag(day) OVER (PARTITION BY customer_id ORDER BY day, id) AS pause
        FROM sales.orders
    ) AS pauses
) AS numbered
GROUP BY customer_id, streak
HAVING count(*) > 1;

ALTER TABLE sales.best_customers ADD COLUMN checked boolean NOT NULL DEFAULT false;
