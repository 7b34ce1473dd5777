-- A running total of each weekday.
CREATE TABLE marketing.weekdays AS
SELECT c.weekday, c.month, sum(f.amount) AS amount,
       sum(sum(f.amount)) OVER (PARTITION BY c.weekday ORDER BY c.month) AS running_total
FROM marketing.touches AS f
JOIN base.calendar AS c ON c.day = f.day
GROUP BY c.weekday, c.month;

-- Days in a row: how long each went on without a pause of more than a week.
CREATE TABLE marketing.streaks AS
SELECT campaign_id, min(day) AS first_day, max(day) AS last_day, count(*) AS touches
FROM (
    SELECT campaign_id, day, count(*) FILTER (WHERE pause > 7) OVER (PARTITION BY campaign_id ORDER BY day, id) AS streak
    FROM (
        SELECT id, campaign_id, day, day - lag(day) OVER (PARTITION BY campaign_id ORDER BY day, id) AS pause
        FROM marketing.touches
    ) AS pauses
) AS numbered
GROUP BY campaign_id, streak
HAVING count(*) > 1;

-- The best three of each country, and what they have of its total.
CREATE TABLE marketing.best_campaigns AS
SELECT country, place, campaign_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.campaign_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.campaign_id) AS place
    FROM marketing.touches AS f
    JOIN marketing.campaigns AS e ON e.id = f.campaign_id
    GROUP BY e.country, f.campaign_id
) AS ranked
WHERE place <= 3;

ALTER TABLE marketing.weekdays ADD COLUMN checked boolean NOT NULL DEFAULT false;
