-- 20 million random numbers: each piece inserts its share, :rows of them. The shares add up.
-- pqrun: split rows=20000000
INSERT INTO test (value) SELECT random() FROM generate_series(1, :rows);
