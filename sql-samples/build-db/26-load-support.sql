\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.support_status_words (word, status) FROM stdin;
1	new
new	new
NEW	new
2	open
open	open
OPEN	open
3	waiting
waiting	waiting
WAITING	waiting
4	solved
solved	solved
SOLVED	solved
\.

INSERT INTO staging.tickets (line, number, agent, day, status, replies, amount)
SELECT n,
       'TK-' || lpad(n::text, 8, '0'),
       'agent ' || 1 + base.scatter(n, 2869860233, 1800),
       to_char(date '2022-01-01' + base.scatter(n, 3624381081, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'open', upper('waiting'), '4'])[1 + base.scatter(n, 1013904223, 4)],
       (base.scatter(n, 3266489917, 12))::text,
       to_char(base.scatter(n, 1013904223, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.tickets (line, number, agent, day, status, replies, amount)
SELECT line + (40000 * :scale)::integer, number, agent, day, status, replies, amount
FROM staging.tickets
WHERE line > (38000 * :scale)::integer;
