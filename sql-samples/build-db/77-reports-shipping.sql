-- The usual amount of each kind and status, and all sums above it.
CREATE TABLE shipping.usual_amounts AS
SELECT e.kind, f.status, grouping(e.kind, f.status) AS level, count(*) AS parcels, sum(f.amount) AS amount,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.amount::float8) AS median
FROM shipping.parcels AS f
JOIN shipping.carriers AS e ON e.id = f.carrier_id
GROUP BY CUBE (e.kind, f.status);

-- The best three of each country, and what they have of its total.
CREATE TABLE shipping.best_carriers AS
SELECT country, place, carrier_id, amount, round(100 * amount / sum_of_country, 2) AS percent
FROM (
    SELECT e.country, f.carrier_id, sum(f.amount) AS amount,
           sum(sum(f.amount)) OVER (PARTITION BY e.country) AS sum_of_country,
           row_number() OVER (PARTITION BY e.country ORDER BY sum(f.amount) DESC, f.carrier_id) AS place
    FROM shipping.parcels AS f
    JOIN shipping.carriers AS e ON e.id = f.carrier_id
    GROUP BY e.country, f.carrier_id
) AS ranked
WHERE place <= 3;

-- A running total of each weekday.
CREATE TABLE shipping.weekdays AS
SELECT c.weekday, c.month, sum(f.amount) AS amount,
       sum(sum(f.amount)) OVER (PARTITION BY c.weekday ORDER BY c.month) AS running_total
FROM shipping.parcels AS f
JOIN base.calendar AS c ON c.day = f.day
GROUP BY c.weekday, c.month;

ALTER TABLE shipping.usual_amounts ADD COLUMN checked boolean NOT NULL DEFAULT false;
