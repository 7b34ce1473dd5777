\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.sales_status_words (word, status) FROM stdin;
1	open
open	open
OPEN	open
2	paid
paid	paid
PAID	paid
3	shipped
shipped	shipped
SHIPPED	shipped
4	returned
returned	returned
RETURNED	returned
\.

INSERT INTO staging.orders (line, number, customer, day, status, items, amount)
SELECT n,
       'SO-' || lpad(n::text, 8, '0'),
       'customer ' || 1 + base.scatter(n, 2654435761, 1300),
       to_char(date '2022-01-01' + base.scatter(n, 3266489917, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'paid', upper('shipped'), '4'])[1 + base.scatter(n, 2246822519, 4)],
       (base.scatter(n, 374761393, 12))::text,
       to_char(base.scatter(n, 2246822519, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.orders (line, number, customer, day, status, items, amount)
SELECT line + (40000 * :scale)::integer, number, customer, day, status, items, amount
FROM staging.orders
WHERE line > (38000 * :scale)::integer;
