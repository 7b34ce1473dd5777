INSERT INTO billing.accounts (id, name, kind, country, since)
SELECT n,
       initcap('account') || ' ' || n,
       (enum_range(NULL::billing.kind))[1 + n % 3],
       (ARRAY['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE', 'SI'])[1 + n * 31 % 16],
       date '2015-01-01' + n % 2000
FROM generate_series(1, 1700) AS n;

-- Of lines with the same number the first one counts.
INSERT INTO billing.invoices (id, account_id, day, status, lines, amount, note)
SELECT substr(number, 4)::bigint,
       split_part(account, ' ', 2)::integer,
       to_date(day, 'DD.MM.YYYY'),
       w.status,
       lines::integer,
       replace(amount, ' EUR', '')::numeric,
       CASE WHEN line % 10 = 0 THEN 'checked by hand' END
FROM (SELECT DISTINCT ON (number) * FROM staging.invoices ORDER BY number, line) AS first
JOIN staging.billing_status_words AS w ON w.word = first.status;

TRUNCATE staging.invoices;
