CREATE UNIQUE INDEX customers_email_key ON shop.customers (lower(email));
CREATE INDEX orders_customer_id_idx ON shop.orders (customer_id);
CREATE INDEX orders_placed_at_idx ON shop.orders (placed_at);
CREATE INDEX order_lines_product_id_idx ON shop.order_lines (product_id);
