INSERT INTO support.agents (id, name, kind, country, since)
SELECT n,
       initcap('agent') || ' ' || n,
       (enum_range(NULL::support.kind))[1 + n % 3],
       (ARRAY['AT', 'BE', 'CH', 'CZ', 'DE', 'DK', 'ES', 'FI', 'FR', 'IT', 'NL', 'NO', 'PL', 'PT', 'SE', 'SI'])[1 + n * 31 % 16],
       date '2015-01-01' + n % 2000
FROM generate_series(1, 1800) AS n;

-- Of lines with the same number the first one counts.
INSERT INTO support.tickets (id, agent_id, day, status, replies, amount, note)
SELECT substr(number, 4)::bigint,
       split_part(agent, ' ', 2)::integer,
       to_date(day, 'DD.MM.YYYY'),
       w.status,
       replies::integer,
       replace(amount, ' EUR', '')::numeric,
       CASE WHEN line % 10 = 0 THEN 'checked by hand' END
FROM (SELECT DISTINCT ON (number) * FROM staging.tickets ORDER BY number, line) AS first
JOIN staging.support_status_words AS w ON w.word = first.status;

TRUNCATE staging.tickets;
