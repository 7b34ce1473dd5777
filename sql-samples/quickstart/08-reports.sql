-- How big is the shop?
SELECT (SELECT count(*) FROM shop.customers) AS customers,
       (SELECT count(*) FROM shop.orders) AS orders,
       (SELECT count(*) FROM shop.order_lines) AS lines;

-- What was sold, month by month?
SELECT to_char(month AT TIME ZONE 'UTC', 'YYYY-MM') AS month, orders, total
FROM shop.monthly_sales
ORDER BY month;

-- Which categories sell best?
SELECT p.category, sum(l.quantity) AS pieces, sum(l.quantity * p.price) AS total
FROM shop.order_lines AS l
JOIN shop.products AS p ON p.id = l.product_id
GROUP BY p.category
ORDER BY total DESC;

-- What did the first customers spend?
SELECT id, name, shop.spent(id) AS spent
FROM shop.customers
WHERE id <= 5
ORDER BY id;
