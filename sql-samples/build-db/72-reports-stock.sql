-- Days in a row: how long each went on without a pause of more than a week.
CREATE TABLE stock.streaks AS
SELECT product_id, min(day) AS first_day, max(day) AS last_day, count(*) AS movements
FROM (
    SELECT product_id, day, count(*) FILTER (WHERE pause > 7) OVER (PARTITION BY product_id ORDER BY day, id) AS streak
    FROM (
        SELECT id, product_id, day, day - lag(day) OVER (PARTITION BY product_id ORDER BY day, id) AS pause
        FROM stock.movements
    ) AS pauses
) AS numbered
GROUP BY product_id, streak
HAVING count(*) > 1;

-- A running total of each weekday.
CREATE TABLE stock.weekdays AS
SELECT c.weekday, c.month, sum(f.amount) AS amount,
       sum(sum(f.amount)) OVER (PARTITION BY c.weekday ORDER BY c.month) AS running_total
FROM stock.movements AS f
JOIN base.calendar AS c ON c.day = f.day
GROUP BY c.weekday, c.month;

-- The usual amount of each kind and status, and all sums above it.
CREATE TABLE stock.usual_amounts AS
SELECT e.kind, f.status, grouping(e.kind, f.status) AS level, count(*) AS movements, sum(f.amount) AS amount,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.amount::float8) AS median
FROM stock.movements AS f
JOIN stock.products AS e ON e.id = f.product_id
GROUP BY CUBE (e.kind, f.status);

ALTER TABLE stock.streaks ADD COLUMN checked boolean NOT NULL DEFAULT false;
