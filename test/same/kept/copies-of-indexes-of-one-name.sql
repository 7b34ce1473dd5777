-- Indexes of other expressions of one function are named alike when they are copied, in the order of their age.
-- file 1
CREATE FUNCTION f(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN $1 % 7; END $$;

CREATE TABLE a (n int);

CREATE INDEX one ON a (f(n));

CREATE INDEX two ON a (f(n + 1));

CREATE INDEX three ON a (n) WHERE n > 3;

CREATE INDEX four ON a (n) WHERE n > 4;

-- file 2
CREATE TABLE b (LIKE a INCLUDING INDEXES);
