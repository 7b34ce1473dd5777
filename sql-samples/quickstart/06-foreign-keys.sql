ALTER TABLE shop.orders
    ADD FOREIGN KEY (customer_id) REFERENCES shop.customers (id);
ALTER TABLE shop.order_lines
    ADD FOREIGN KEY (order_id) REFERENCES shop.orders (id),
    ADD FOREIGN KEY (product_id) REFERENCES shop.products (id);

ANALYZE shop.customers, shop.products, shop.orders, shop.order_lines;
