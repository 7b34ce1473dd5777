-- Every value follows from the row's number, so that each run builds the same shop.
INSERT INTO shop.customers (id, name, email, country, joined_on)
SELECT n,
       'Customer ' || n,
       'customer' || n || '@example.com',
       (ARRAY['AT', 'CH', 'DE', 'ES', 'FR', 'IT', 'NL', 'PL'])[1 + n * 7919 % 8],
       date '2020-01-01' + n * 31 % 1461
FROM generate_series(1, 20000) AS n;
