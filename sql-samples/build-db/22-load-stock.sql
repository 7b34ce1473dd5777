\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.stock_status_words (word, status) FROM stdin;
1	in
in	in
IN	in
2	out
out	out
OUT	out
3	moved
moved	moved
MOVED	moved
4	lost
lost	lost
LOST	lost
\.

INSERT INTO staging.movements (line, number, product, day, status, pieces, amount)
SELECT n,
       'MV-' || lpad(n::text, 8, '0'),
       'product ' || 1 + base.scatter(n, 3266489917, 1400),
       to_char(date '2022-01-01' + base.scatter(n, 2246822519, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'out', upper('moved'), '4'])[1 + base.scatter(n, 668265263, 4)],
       (base.scatter(n, 2869860233, 12))::text,
       to_char(base.scatter(n, 668265263, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.movements (line, number, product, day, status, pieces, amount)
SELECT line + (40000 * :scale)::integer, number, product, day, status, pieces, amount
FROM staging.movements
WHERE line > (38000 * :scale)::integer;
