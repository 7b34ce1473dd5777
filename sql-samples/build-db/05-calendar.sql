CREATE TABLE base.calendar (
    day     date PRIMARY KEY,
    month   date NOT NULL,
    weekday base.weekday NOT NULL,
    quarter base.period NOT NULL
);

INSERT INTO base.calendar (day, month, weekday, quarter)
SELECT day,
       base.month_of(day),
       (enum_range(NULL::base.weekday))[extract(isodow FROM day)::integer],
       base.quarter_of(day)
FROM generate_series(0, 1095) AS n
CROSS JOIN LATERAL (SELECT date '2022-01-01' + n AS day) AS one;

ANALYZE base.calendar;
