-- A range comes with its multirange, and goes with it.
-- file 1
CREATE TYPE ra1 AS RANGE (SUBTYPE = int);

DROP TYPE ra1;

CREATE TYPE ra1_multirange AS ENUM ('a');

CREATE TYPE s_range AS RANGE (SUBTYPE = int, MULTIRANGE_TYPE_NAME = many);

CREATE TABLE t1 (a many, b s_range);
