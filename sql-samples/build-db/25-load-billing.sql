\if :{?scale}
\else
  \set scale 1
\endif

COPY staging.billing_status_words (word, status) FROM stdin;
1	draft
draft	draft
DRAFT	draft
2	sent
sent	sent
SENT	sent
3	paid
paid	paid
PAID	paid
4	overdue
overdue	overdue
OVERDUE	overdue
\.

INSERT INTO staging.invoices (line, number, account, day, status, lines, amount)
SELECT n,
       'IN-' || lpad(n::text, 8, '0'),
       'account ' || 1 + base.scatter(n, 374761393, 1700),
       to_char(date '2022-01-01' + base.scatter(n, 2869860233, 1096), 'DD.MM.YYYY'),
       (ARRAY['1', 'sent', upper('paid'), '4'])[1 + base.scatter(n, 3624381081, 4)],
       (base.scatter(n, 2654435761, 12))::text,
       to_char(base.scatter(n, 3624381081, 200000) / 100.0, 'FM999990.00') || ' EUR'
FROM generate_series(1, (40000 * :scale)::integer) AS n;

-- The last lines were sent twice.
INSERT INTO staging.invoices (line, number, account, day, status, lines, amount)
SELECT line + (40000 * :scale)::integer, number, account, day, status, lines, amount
FROM staging.invoices
WHERE line > (38000 * :scale)::integer;
