ALTER TABLE shop.customers ADD PRIMARY KEY (id);
ALTER TABLE shop.products ADD PRIMARY KEY (id);
ALTER TABLE shop.orders ADD PRIMARY KEY (id);
ALTER TABLE shop.order_lines ADD PRIMARY KEY (order_id, line);
