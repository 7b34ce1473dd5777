CREATE VIEW summary.everything AS
SELECT 'sales' AS area, country, month, orders AS number, amount FROM sales.monthly
UNION ALL
SELECT 'stock' AS area, country, month, movements AS number, amount FROM stock.monthly
UNION ALL
SELECT 'hr' AS area, country, month, timesheets AS number, amount FROM hr.monthly
UNION ALL
SELECT 'web' AS area, country, month, visits AS number, amount FROM web.monthly
UNION ALL
SELECT 'billing' AS area, country, month, invoices AS number, amount FROM billing.monthly
UNION ALL
SELECT 'support' AS area, country, month, tickets AS number, amount FROM support.monthly
UNION ALL
SELECT 'shipping' AS area, country, month, parcels AS number, amount FROM shipping.monthly
UNION ALL
SELECT 'marketing' AS area, country, month, touches AS number, amount FROM marketing.monthly;

CREATE TABLE summary.areas AS
SELECT area, country, sum(number) AS number, sum(amount) AS amount
FROM summary.everything
GROUP BY area, country;

ALTER TABLE summary.areas ADD PRIMARY KEY (area, country);
