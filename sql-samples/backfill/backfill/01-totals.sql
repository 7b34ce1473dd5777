-- A new column is filled, in pieces of half a second, so that no row is locked for longer.
-- pqrun: split range=orders.id time=500ms
UPDATE orders SET total = net + tax WHERE :chunk AND total IS NULL;
