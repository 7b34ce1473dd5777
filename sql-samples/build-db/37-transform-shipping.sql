INSERT INTO shipping.carriers (id, name, kind, country, since)
SELECT n,
       initcap('carrier') || ' ' || n,
       (enum_range(NULL::shipping.kind))[1 + n % 3],
       (ARRAY['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE', 'SI'])[1 + n * 31 % 16],
       date '2015-01-01' + n % 2000
FROM generate_series(1, 1900) AS n;

-- Of lines with the same number the first one counts.
INSERT INTO shipping.parcels (id, carrier_id, day, status, stops, amount, note)
SELECT substr(number, 4)::bigint,
       split_part(carrier, ' ', 2)::integer,
       to_date(day, 'DD.MM.YYYY'),
       w.status,
       stops::integer,
       replace(amount, ' EUR', '')::numeric,
       CASE WHEN line % 10 = 0 THEN 'checked by hand' END
FROM (SELECT DISTINCT ON (number) * FROM staging.parcels ORDER BY number, line) AS first
JOIN staging.shipping_status_words AS w ON w.word = first.status;

TRUNCATE staging.parcels;
