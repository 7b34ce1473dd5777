-- One statement, as many pieces as there are connections: each fills in its own :lo and :hi.
-- pqrun: split rows=200000
INSERT INTO shop.orders (id, customer_id, placed_at, status)
SELECT n,
       1 + n * 48271::bigint % 20000,
       timestamptz '2024-01-01 00:00+00' + n * 69621::bigint % 31536000 * interval '1 second',
       CASE WHEN n % 50 = 0 THEN 'returned'
            WHEN n % 10 = 0 THEN 'placed'
            WHEN n % 4 = 0 THEN 'paid'
            ELSE 'shipped'
       END::shop.order_status
FROM generate_series(:lo, :hi) AS n;
