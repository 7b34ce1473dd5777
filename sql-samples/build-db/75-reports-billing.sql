-- The best three of each country, and what they have of its total.
CREATE TABLE billing.best_accounts AS
SELECT country, place, account_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.account_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.account_id) AS place
    FROM billing.invoices AS f
    JOIN billing.accounts AS e ON e.id = f.account_id
    GROUP BY e.country, f.account_id
) AS ranked
WHERE place <= 3;

-- The usual amount of each kind and status, and all sums above it.
CREATE TABLE billing.usual_amounts AS
SELECT e.kind, f.status, grouping(e.kind, f.status) AS level, count(*) AS invoices, sum(f.amount) AS amount,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.amount::float8) AS median
FROM billing.invoices AS f
JOIN billing.accounts AS e ON e.id = f.account_id
GROUP BY CUBE (e.kind, f.status);

-- Days in a row: how long each went on without a pause of more than a week.
CREATE TABLE billing.streaks AS
SELECT account_id, min(day) AS first_day, max(day) AS last_day, count(*) AS invoices
FROM (
    SELECT account_id, day, count(*) FILTER (WHERE pause > 7) OVER (PARTITION BY account_id ORDER BY day, id) AS streak
    FROM (
        SELECT id, account_id, day, day - lag(day) OVER (PARTITION BY account_id ORDER BY day, id) AS pause
        FROM billing.invoices
    ) AS pauses
) AS numbered
GROUP BY account_id, streak
HAVING count(*) > 1;

ALTER TABLE billing.best_accounts ADD COLUMN checked boolean NOT NULL DEFAULT false;
