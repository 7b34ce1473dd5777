INSERT INTO web.pages (id, name, kind, country, since)
SELECT n,
       initcap('page') || ' ' || n,
       (enum_range(NULL::web.kind))[1 + n % 3],
       (ARRAY['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE', 'SI'])[1 + n * 31 % 16],
       date '2015-01-01' + n % 2000
FROM generate_series(1, 1600) AS n;

-- Of lines with the same number the first one counts.
INSERT INTO web.visits (id, page_id, day, status, clicks, amount, note)
SELECT substr(number, 4)::bigint,
       split_part(page, ' ', 2)::integer,
       to_date(day, 'DD.MM.YYYY'),
       w.status,
       clicks::integer,
       replace(amount, ' EUR', '')::numeric,
       CASE WHEN line % 10 = 0 THEN 'checked by hand' END
FROM (SELECT DISTINCT ON (number) * FROM staging.visits ORDER BY number, line) AS first
JOIN staging.web_status_words AS w ON w.word = first.status;

TRUNCATE staging.visits;
