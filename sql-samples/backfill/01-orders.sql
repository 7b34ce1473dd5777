-- Orders as a shop has them after some years: most of them of its last month, some without a place.
\if :{?orders}
\else
  \set orders 200000
\endif

DROP TABLE IF EXISTS orders, order_archive;
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  placed date NOT NULL,
  province text,
  net numeric(10, 2) NOT NULL,
  tax numeric(10, 2) NOT NULL,
  total numeric(11, 2)
);
INSERT INTO orders (placed, province, net, tax)
SELECT
  date '2020-01-01' + CASE WHEN n % 5 < 4 THEN 1795 + n % 31 ELSE n % 1826 END,
  (ARRAY['Alava', 'Burgos', 'Cuenca', 'Huesca', 'Soria', 'Teruel', 'Zamora'])[1 + n % 9],
  (n % 9973) / 7.0,
  (n % 9973) / 70.0
FROM generate_series(1, :orders) AS n;
CREATE INDEX ON orders (placed);
CREATE TABLE order_archive (LIKE orders);
ANALYZE orders;
