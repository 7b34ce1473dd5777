INSERT INTO sales.customers (id, name, kind, country, since)
SELECT n,
       initcap('customer') || ' ' || n,
       (enum_range(NULL::sales.kind))[1 + n % 3],
       (ARRAY['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE', 'SI'])[1 + n * 31 % 16],
       date '2015-01-01' + n % 2000
FROM generate_series(1, 1300) AS n;

-- Of lines with the same number the first one counts.
INSERT INTO sales.orders (id, customer_id, day, status, items, amount, note)
SELECT substr(number, 4)::bigint,
       split_part(customer, ' ', 2)::integer,
       to_date(day, 'DD.MM.YYYY'),
       w.status,
       items::integer,
       replace(amount, ' EUR', '')::numeric,
       CASE WHEN line % 10 = 0 THEN 'checked by hand' END
FROM (SELECT DISTINCT ON (number) * FROM staging.orders ORDER BY number, line) AS first
JOIN staging.sales_status_words AS w ON w.word = first.status;

TRUNCATE staging.orders;
