ALTER TABLE star.dates ADD PRIMARY KEY (day);
ALTER TABLE star.customers ADD PRIMARY KEY (id);
ALTER TABLE star.products ADD PRIMARY KEY (id);
ALTER TABLE star.stores ADD PRIMARY KEY (id);
ALTER TABLE star.targets ADD PRIMARY KEY (store_id, month);
-- PostgreSQL builds these with several workers, where it has them.
ALTER TABLE star.sales ADD PRIMARY KEY (id);
CREATE INDEX sales_day_idx ON star.sales (day);
CREATE INDEX sales_customer_id_idx ON star.sales (customer_id, day);
CREATE INDEX sales_product_id_idx ON star.sales (product_id);
VACUUM (ANALYZE) star.dates, star.customers, star.products, star.stores, star.sales, star.targets;
