\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.hr_status_words (word, status) FROM stdin;
1	draft
draft	draft
DRAFT	draft
2	handed in
handed in	handed in
HANDED IN	handed in
3	approved
approved	approved
APPROVED	approved
4	rejected
rejected	rejected
REJECTED	rejected
\.

INSERT INTO staging.timesheets (line, number, employee, day, status, hours, amount)
SELECT n,
       'TS-' || lpad(n::text, 8, '0'),
       'employee ' || 1 + base.scatter(n, 2246822519, 1500),
       to_char(date '2022-01-01' + base.scatter(n, 668265263, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'handed in', upper('approved'), '4'])[1 + base.scatter(n, 374761393, 4)],
       (base.scatter(n, 3624381081, 12))::text,
       to_char(base.scatter(n, 374761393, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.timesheets (line, number, employee, day, status, hours, amount)
SELECT line + (40000 * :scale)::integer, number, employee, day, status, hours, amount
FROM staging.timesheets
WHERE line > (38000 * :scale)::integer;
