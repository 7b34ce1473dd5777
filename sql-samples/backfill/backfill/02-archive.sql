-- Old orders are copied away. Four of five are of the last month, so that pieces of as many days would not be alike: pieces
-- of as many rows are.
-- pqrun: split range=orders.placed into=8
INSERT INTO order_archive
OVERRIDING SYSTEM VALUE
SELECT * FROM orders WHERE :chunk AND placed < date '2024-12-01';
