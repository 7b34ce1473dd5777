ALTER TABLE sales.customers ADD PRIMARY KEY (id);
ALTER TABLE sales.customers ADD UNIQUE (name);
ALTER TABLE sales.orders ADD PRIMARY KEY (id);
ALTER TABLE sales.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES sales.customers;
CREATE INDEX orders_customer_id_day_idx ON sales.orders (customer_id, day);
CREATE INDEX orders_month_idx ON sales.orders (month) INCLUDE (amount);
CREATE INDEX orders_open_idx ON sales.orders (day) WHERE status = 'open';
ANALYZE sales.customers, sales.orders;
