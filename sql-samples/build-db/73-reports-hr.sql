-- The usual amount of each kind and status, and all sums above it.
CREATE TABLE hr.usual_amounts AS
SELECT e.kind, f.status, grouping(e.kind, f.status) AS level, count(*) AS timesheets, sum(f.amount) AS amount,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.amount::float8) AS median
FROM hr.timesheets AS f
JOIN hr.employees AS e ON e.id = f.employee_id
GROUP BY CUBE (e.kind, f.status);

-- The best three of each country, and what they have of its total.
CREATE TABLE hr.best_employees AS
SELECT country, place, employee_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.employee_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.employee_id) AS place
    FROM hr.timesheets AS f
    JOIN hr.employees AS e ON e.id = f.employee_id
    GROUP BY e.country, f.employee_id
) AS ranked
WHERE place <= 3;

-- A running total of each weekday.
CREATE TABLE hr.weekdays AS
SELECT c.weekday, c.month, sum(f.amount) AS amount,
       sum(sum(f.amount)) OVER (PARTITION BY c.weekday ORDER BY c.month) AS running_total
FROM hr.timesheets AS f
JOIN base.calendar AS c ON c.day = f.day
GROUP BY c.weekday, c.month;

ALTER TABLE hr.usual_amounts ADD COLUMN checked boolean NOT NULL DEFAULT false;
