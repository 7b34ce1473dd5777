-- What was sold, billed and sent in a country, side by side.
CREATE TABLE summary.shop AS
SELECT s.country, s.month, s.amount AS sold, b.amount AS billed, p.amount AS sent
FROM sales.monthly AS s
LEFT JOIN billing.monthly AS b USING (country, month)
LEFT JOIN shipping.monthly AS p USING (country, month);
