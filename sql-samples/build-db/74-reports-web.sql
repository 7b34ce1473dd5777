-- A running total of each weekday.
CREATE TABLE web.weekdays AS
SELECT c.weekday, c.month, sum(f.amount) AS amount,
       sum(sum(f.amount)) OVER (PARTITION BY c.weekday ORDER BY c.month) AS running_total
FROM web.visits AS f
JOIN base.calendar AS c ON c.day = f.day
GROUP BY c.weekday, c.month;

-- Days in a row: how long each went on without a pause of more than a week.
CREATE TABLE web.streaks AS
SELECT page_id, min(day) AS first_day, max(day) AS last_day, count(*) AS visits
FROM (
    SELECT page_id, day, count(*) FILTER (WHERE pause > 7) OVER (PARTITION BY page_id ORDER BY day, id) AS streak
    FROM (
        SELECT id, page_id, day, day - lag(day) OVER (PARTITION BY page_id ORDER BY day, id) AS pause
        FROM web.visits
    ) AS pauses
) AS numbered
GROUP BY page_id, streak
HAVING count(*) > 1;

-- The best three of each country, and what they have of its total.
CREATE TABLE web.best_pages AS
SELECT country, place, page_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.page_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.page_id) AS place
    FROM web.visits AS f
    JOIN web.pages AS e ON e.id = f.page_id
    GROUP BY e.country, f.page_id
) AS ranked
WHERE place <= 3;

ALTER TABLE web.weekdays ADD COLUMN checked boolean NOT NULL DEFAULT false;
