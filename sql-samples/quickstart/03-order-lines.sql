-- The rows of a split are numbers to make rows of: 200,000 orders give 500,000 lines.
-- pqrun: split rows=200000
INSERT INTO shop.order_lines (order_id, line, product_id, quantity)
SELECT n,
       line,
       1 + (n * 16807::bigint + line * 193) % 1000,
       1 + (n + line) % 3
FROM generate_series(:lo, :hi) AS n
CROSS JOIN LATERAL generate_series(1, 1 + n % 4) AS line;
