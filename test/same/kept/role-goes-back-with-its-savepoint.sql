-- A SET behind a savepoint that is rolled back to is not in force behind the block.
-- file 1
BEGIN;

SAVEPOINT sp1;

SET ROLE same_reader;

ROLLBACK TO sp1;

COMMIT;

GRANT ALL ON SCHEMA public TO same_writer;
