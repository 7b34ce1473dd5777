INSERT INTO shop.products (id, name, category, price)
SELECT n,
       'Product ' || n,
       (ARRAY['books', 'games', 'garden', 'kitchen', 'music'])[1 + n % 5],
       1 + n * 7919 % 20000 / 100.0
FROM generate_series(1, 1000) AS n;
