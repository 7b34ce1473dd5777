ALTER TABLE stock.products ADD PRIMARY KEY (id);
ALTER TABLE stock.products ADD UNIQUE (name);
ALTER TABLE stock.movements ADD PRIMARY KEY (id);
ALTER TABLE stock.movements ADD CONSTRAINT movements_product_id_fkey FOREIGN KEY (product_id) REFERENCES stock.products;
CREATE INDEX movements_product_id_day_idx ON stock.movements (product_id, day);
CREATE INDEX movements_month_idx ON stock.movements (month) INCLUDE (amount);
CREATE INDEX movements_in_idx ON stock.movements (day) WHERE status = 'in';
ANALYZE stock.products, stock.movements;
