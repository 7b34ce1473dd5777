-- What servers after 15 know.

\if :v16
\if :icu
CREATE COLLATION with_rules (provider = icu, locale = 'und', rules = '& V << w <<< W');
\endif
CREATE TABLE newer_storage (a text STORAGE EXTERNAL COMPRESSION pglz);
CREATE VIEW newer_json AS SELECT 'x' IS JSON AS a, JSON_OBJECT('a': 1) AS b;
\endif
\if :v17
CREATE COLLATION builtin_c (provider = builtin, locale = 'C.UTF-8');
CREATE TABLE newer_identity (id integer GENERATED ALWAYS AS IDENTITY, a integer) PARTITION BY LIST (a);
CREATE TABLE newer_identity_1 PARTITION OF newer_identity FOR VALUES IN (1);
CREATE VIEW newer_json_table AS SELECT * FROM JSON_TABLE('[{"a": 1}]', '$[*]' COLUMNS (a integer PATH '$.a'));
\endif
\if :v18
CREATE TABLE newer_virtual (a integer, b integer GENERATED ALWAYS AS (a * 2) VIRTUAL);
CREATE TABLE newer_not_null (a integer CONSTRAINT "not; null" NOT NULL NO INHERIT, b integer);
ALTER TABLE newer_not_null ADD CONSTRAINT b_not_null NOT NULL b NOT VALID;
ALTER TABLE newer_not_null ADD CONSTRAINT not_enforced CHECK (b > 0) NOT ENFORCED;
CREATE TABLE newer_periods (id integer, valid daterange, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
CREATE TABLE newer_refers (id integer, valid daterange, FOREIGN KEY (id, PERIOD valid) REFERENCES newer_periods (id, PERIOD valid));
\endif
