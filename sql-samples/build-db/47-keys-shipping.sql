ALTER TABLE shipping.carriers ADD PRIMARY KEY (id);
ALTER TABLE shipping.carriers ADD UNIQUE (name);
ALTER TABLE shipping.parcels ADD PRIMARY KEY (id);
ALTER TABLE shipping.parcels ADD CONSTRAINT parcels_carrier_id_fkey FOREIGN KEY (carrier_id) REFERENCES shipping.carriers;
CREATE INDEX parcels_carrier_id_day_idx ON shipping.parcels (carrier_id, day);
CREATE INDEX parcels_month_idx ON shipping.parcels (month) INCLUDE (amount);
CREATE INDEX parcels_packed_idx ON shipping.parcels (day) WHERE status = 'packed';
ANALYZE shipping.carriers, shipping.parcels;
