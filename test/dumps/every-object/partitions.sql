-- Partitions: by range, list, hash, expression, with defaults, nested, attached, with indexes of all three births.

CREATE TABLE measured (
  at timestamp NOT NULL,
  place text COLLATE "C",
  value numeric CHECK (value > -273),
  PRIMARY KEY (at, place)
) PARTITION BY RANGE (at);
CREATE TABLE measured_2023 PARTITION OF measured FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
CREATE TABLE measured_2024 PARTITION OF measured (value DEFAULT 0) FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (place);
CREATE TABLE measured_2024_north PARTITION OF measured_2024 FOR VALUES IN ('it''s; north', E'a\\b');
CREATE TABLE measured_2024_rest PARTITION OF measured_2024 DEFAULT PARTITION BY HASH (place);
CREATE TABLE measured_2024_rest_0 PARTITION OF measured_2024_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE measured_2024_rest_1 PARTITION OF measured_2024_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1) TABLESPACE eo_space;
CREATE TABLE measured_default PARTITION OF measured DEFAULT;
-- Attached, with its columns in another order.
CREATE TABLE measured_2025 (value numeric CHECK (value > -273), place text COLLATE "C" NOT NULL, gone integer, at timestamp NOT NULL);
ALTER TABLE measured_2025 DROP COLUMN gone;
ALTER TABLE measured_2025 ADD CONSTRAINT measured_value_check CHECK (value > -273);
ALTER TABLE measured ATTACH PARTITION measured_2025 FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);

CREATE INDEX measured_value ON measured (value DESC NULLS LAST) WHERE value > 0;
CREATE INDEX measured_place ON ONLY measured (lower(place));
CREATE INDEX measured_2023_place ON measured_2023 (lower(place));
ALTER INDEX measured_place ATTACH PARTITION measured_2023_place;

CREATE TABLE hashed (id integer, t text, FOREIGN KEY (id) REFERENCES city) PARTITION BY HASH (id);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 1);
CREATE TABLE hashed_2 PARTITION OF hashed FOR VALUES WITH (MODULUS 3, REMAINDER 2);
CREATE TABLE by_expression (a integer, b text) PARTITION BY RANGE ((a % 10), lower(b) COLLATE "C" text_pattern_ops);
CREATE TABLE by_expression_low PARTITION OF by_expression FOR VALUES FROM (0, MINVALUE) TO (5, MINVALUE);
CREATE TABLE by_mood (m mood, a integer) PARTITION BY LIST (m);
CREATE TABLE by_mood_sad PARTITION OF by_mood FOR VALUES IN ('sad', NULL);
CREATE TABLE "by_mood it's" PARTITION OF by_mood FOR VALUES IN ('it''s; \ "happy"');
CREATE TABLE no_partitions (a integer) PARTITION BY LIST (a);
CREATE TABLE refers (at timestamp, place text COLLATE "C", FOREIGN KEY (at, place) REFERENCES measured ON DELETE CASCADE);
