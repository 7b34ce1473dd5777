-- The province has no index: the table is walked by its blocks instead.
-- pqrun: split blocks=orders into=8
DELETE FROM orders WHERE :chunk AND province IS NULL AND placed < date '2024-12-01';
