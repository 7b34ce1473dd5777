-- Every value follows from the row's number, so that each run builds the same star.
\if :{?sales}
\else
  \set sales 1500000
\endif
\if :{?lo}
\else
  -- Of psql, which knows nothing of pieces.
  \set lo 1
  \set hi :sales
\endif

INSERT INTO star.dates (day, year, quarter, month, weekday, weekend)
SELECT day,
       extract(year FROM day),
       extract(quarter FROM day),
       date_trunc('month', day),
       extract(isodow FROM day),
       extract(isodow FROM day) > 5
FROM generate_series(date '2022-01-01', date '2024-12-31', interval '1 day') AS series
CROSS JOIN LATERAL (SELECT series::date AS day) AS one;

INSERT INTO star.customers (id, name, country, segment, born_in, referred_by)
SELECT n,
       'Customer ' || n,
       (ARRAY['AT', 'CH', 'DE', 'ES', 'FR', 'IT', 'NL', 'PL'])[1 + n * 7919 % 8],
       (ARRAY['home', 'office', 'school'])[1 + n * 31 % 3],
       1940 + n * 31 % 65,
       CASE WHEN n > 100 AND n % 3 = 0 THEN n / 3 END
FROM generate_series(1, 50000) AS n;

INSERT INTO star.products (id, name, category, brand, cost, price)
SELECT n,
       'Product ' || n,
       (ARRAY['audio', 'books', 'camping', 'clothes', 'films', 'food', 'games', 'garden', 'kitchen', 'lamps',
              'music', 'office', 'pets', 'shoes', 'sports', 'tools', 'toys', 'travel', 'video', 'watches'])[1 + n % 20],
       'Brand ' || chr(65 + n * 13 % 26),
       round((1 + n * 7919 % 20000 / 100.0) * 0.6, 2),
       round(1 + n * 7919 % 20000 / 100.0, 2)
FROM generate_series(1, 2000) AS n;

INSERT INTO star.stores (id, name, region, city)
SELECT n, 'Store ' || n, (ARRAY['north', 'east', 'south', 'west'])[1 + n % 4], 'City ' || 1 + n % 60
FROM generate_series(1, 200) AS n;

-- Each piece makes its share of the sales, rows :lo to :hi. A number times a big prime, cut at 32 bits, looks like chance.
-- Some customers buy three times as much as others.
-- pqrun: split rows=:sales
INSERT INTO star.sales (id, day, customer_id, product_id, store_id, quantity, amount)
SELECT n,
       date '2022-01-01' + ((n * 2654435761 & 4294967295) * 1096 >> 32)::integer,
       1 + (chance * (chance + 65536) * 50000 >> 33)::integer,
       p.id,
       1 + ((n * 3266489917 & 4294967295) * 190 >> 32)::integer,
       1 + (n % 7 * (n % 3) / 4)::integer,
       p.price * (1 + n % 7 * (n % 3) / 4)
FROM generate_series(:lo::bigint, :hi) AS n
CROSS JOIN LATERAL (SELECT (n * 2246822519 & 4294967295) >> 16 AS chance) AS c
JOIN star.products AS p ON p.id = 1 + ((n * 668265263 & 4294967295) * 2000 >> 32);

-- The last stores have targets and sell nothing; the first ones sell and have no target.
INSERT INTO star.targets (store_id, month, amount)
SELECT store, month, (200 + store * 37 % 400) * :sales / 15000
FROM generate_series(11, 200) AS store
CROSS JOIN (SELECT DISTINCT month FROM star.dates) AS months;
