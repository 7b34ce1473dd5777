-- Constraints of all kinds, also those that wait, that are not checked, and that go round in circles.

CREATE TABLE country (
  code char(2) PRIMARY KEY,
  name text CONSTRAINT "name; it's" UNIQUE,
  capital integer,
  CHECK (code = upper(code)) NO INHERIT,
  CONSTRAINT never_checked CHECK (name <> E'it''s; \\')
);
CREATE TABLE city (
  id integer PRIMARY KEY,
  country char(2) NOT NULL REFERENCES country ON UPDATE CASCADE ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
  name text,
  twin integer REFERENCES city DEFERRABLE,
  UNIQUE (country, name) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE country ADD CONSTRAINT has_capital FOREIGN KEY (capital) REFERENCES city;

CREATE TABLE booking (
  room integer,
  during tsrange,
  note text,
  CONSTRAINT no_overlap EXCLUDE USING gist (room WITH =, during WITH &&) INCLUDE (note) WITH (fillfactor = 80) WHERE (room > 0) DEFERRABLE
);
CREATE TABLE holder (a integer, b integer, c integer, PRIMARY KEY (a, b) INCLUDE (c));
CREATE TABLE loose (
  a integer, b integer,
  CONSTRAINT one_null UNIQUE NULLS NOT DISTINCT (b),
  FOREIGN KEY (a, b) REFERENCES holder MATCH FULL ON DELETE SET NULL
);
CREATE TABLE partly (a integer, b integer DEFAULT 0, FOREIGN KEY (a, b) REFERENCES holder (a, b) ON DELETE SET DEFAULT (b));
ALTER TABLE loose ADD CONSTRAINT not_valid FOREIGN KEY (a) REFERENCES replica_full NOT VALID;
ALTER TABLE loose ADD CONSTRAINT check_not_valid CHECK (a <> 99) NOT VALID;
CREATE UNIQUE INDEX becomes_key ON partly (a);
ALTER TABLE partly ADD CONSTRAINT from_index UNIQUE USING INDEX becomes_key;
