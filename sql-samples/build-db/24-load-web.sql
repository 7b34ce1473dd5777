\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.web_status_words (word, status) FROM stdin;
1	read
read	read
READ	read
2	left
left	left
LEFT	left
3	bought
bought	bought
BOUGHT	bought
4	failed
failed	failed
FAILED	failed
\.

INSERT INTO staging.visits (line, number, page, day, status, clicks, amount)
SELECT n,
       'VS-' || lpad(n::text, 8, '0'),
       'page ' || 1 + base.scatter(n, 668265263, 1600),
       to_char(date '2022-01-01' + base.scatter(n, 374761393, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'left', upper('bought'), '4'])[1 + base.scatter(n, 2869860233, 4)],
       (base.scatter(n, 1013904223, 12))::text,
       to_char(base.scatter(n, 2869860233, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.visits (line, number, page, day, status, clicks, amount)
SELECT line + (40000 * :scale)::integer, number, page, day, status, clicks, amount
FROM staging.visits
WHERE line > (38000 * :scale)::integer;
