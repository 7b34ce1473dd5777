CREATE VIEW shop.order_totals AS
SELECT o.id, o.customer_id, o.placed_at, o.status, sum(l.quantity * p.price) AS total
FROM shop.orders AS o
JOIN shop.order_lines AS l ON l.order_id = o.id
JOIN shop.products AS p ON p.id = l.product_id
GROUP BY o.id, o.customer_id, o.placed_at, o.status;

CREATE FUNCTION shop.spent(customer integer) RETURNS numeric
    LANGUAGE sql STABLE
    RETURN (SELECT coalesce(sum(total), 0) FROM shop.order_totals WHERE customer_id = customer);

CREATE MATERIALIZED VIEW shop.monthly_sales AS
SELECT date_trunc('month', placed_at, 'UTC') AS month, count(*) AS orders, sum(total) AS total
FROM shop.order_totals
WHERE status <> 'returned'
GROUP BY 1;

CREATE UNIQUE INDEX monthly_sales_month_key ON shop.monthly_sales (month);
