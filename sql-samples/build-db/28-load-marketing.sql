\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.marketing_status_words (word, status) FROM stdin;
1	seen
seen	seen
SEEN	seen
2	clicked
clicked	clicked
CLICKED	clicked
3	answered
answered	answered
ANSWERED	answered
4	ignored
ignored	ignored
IGNORED	ignored
\.

INSERT INTO staging.touches (line, number, campaign, day, status, seconds, amount)
SELECT n,
       'TC-' || lpad(n::text, 8, '0'),
       'campaign ' || 1 + base.scatter(n, 1013904223, 2000),
       to_char(date '2022-01-01' + base.scatter(n, 2654435761, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'clicked', upper('answered'), '4'])[1 + base.scatter(n, 3266489917, 4)],
       (base.scatter(n, 668265263, 12))::text,
       to_char(base.scatter(n, 3266489917, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.touches (line, number, campaign, day, status, seconds, amount)
SELECT line + (40000 * :scale)::integer, number, campaign, day, status, seconds, amount
FROM staging.touches
WHERE line > (38000 * :scale)::integer;
