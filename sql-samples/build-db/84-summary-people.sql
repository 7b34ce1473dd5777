CREATE TABLE summary.people AS
SELECT h.country, h.year, h.timesheets, t.tickets, round(t.tickets / h.timesheets, 3) AS tickets_each
FROM hr.yearly AS h
JOIN support.yearly AS t USING (country, year);
