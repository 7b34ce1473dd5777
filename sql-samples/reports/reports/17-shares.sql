-- Which products make up four fifths of the sales? (A running share)
WITH sold AS (
    SELECT product_id, sum(amount) AS amount FROM star.sales GROUP BY product_id
), shares AS (
    SELECT product_id, sum(amount) OVER (ORDER BY amount DESC, product_id) / sum(amount) OVER () AS share FROM sold
)
SELECT count(*) FILTER (WHERE share <= 0.8) AS products, count(*) AS of, round(max(share) FILTER (WHERE share <= 0.8), 4) AS share
FROM shares;
