\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.shipping_status_words (word, status) FROM stdin;
1	packed
packed	packed
PACKED	packed
2	on its way
on its way	on its way
ON ITS WAY	on its way
3	delivered
delivered	delivered
DELIVERED	delivered
4	back
back	back
BACK	back
\.

INSERT INTO staging.parcels (line, number, carrier, day, status, stops, amount)
SELECT n,
       'PC-' || lpad(n::text, 8, '0'),
       'carrier ' || 1 + base.scatter(n, 3624381081, 1900),
       to_char(date '2022-01-01' + base.scatter(n, 1013904223, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'on its way', upper('delivered'), '4'])[1 + base.scatter(n, 2654435761, 4)],
       (base.scatter(n, 2246822519, 12))::text,
       to_char(base.scatter(n, 2654435761, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.parcels (line, number, carrier, day, status, stops, amount)
SELECT line + (40000 * :scale)::integer, number, carrier, day, status, stops, amount
FROM staging.parcels
WHERE line > (38000 * :scale)::integer;
