-- What did the customers spend whom the first hundred brought, directly or through others? (A recursive CTE)
WITH RECURSIVE brought AS (
    SELECT id AS root, id FROM star.customers WHERE id <= 100
    UNION ALL
    SELECT brought.root, c.id
    FROM brought
    JOIN star.customers AS c ON c.referred_by = brought.id
), spent AS (
    SELECT customer_id, sum(amount) AS amount FROM star.sales GROUP BY customer_id
)
SELECT root, count(*) AS customers, sum(spent.amount) AS amount
FROM brought
JOIN spent ON spent.customer_id = brought.id
GROUP BY root
ORDER BY root;
