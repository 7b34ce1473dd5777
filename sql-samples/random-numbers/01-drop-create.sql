DROP TABLE IF EXISTS test;
CREATE TABLE test (value double precision NOT NULL);
