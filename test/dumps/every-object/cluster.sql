-- What belongs to the cluster or to the database itself: roles, memberships, a tablespace, settings.

SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'eo_owner') AS new_cluster \gset
\if :new_cluster
-- In the order of their names, in which pg_dumpall creates them: policies list roles in the order of creation.
CREATE ROLE "eo_SELECT";
CREATE ROLE eo_admin CREATEDB CREATEROLE REPLICATION BYPASSRLS;
CREATE ROLE "eo_it's; a ""rôle"" \ :name";
CREATE ROLE eo_login LOGIN PASSWORD 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$6FIQVdvMvEqYf2wSHqVJZTsqXpGFhNvRuWFoT57DSNQ=:W7i2fgQmMEGnXWVhnCXbB1CdCWyhA3ajRpRVY1ZPMvU=';
CREATE ROLE eo_owner;
CREATE ROLE eo_reader NOINHERIT;
CREATE ROLE eo_writer LOGIN CONNECTION LIMIT 7 VALID UNTIL '2099-12-31 23:59:59+00' IN ROLE "eo_SELECT";
GRANT eo_reader TO "eo_SELECT";
GRANT eo_owner TO eo_admin WITH ADMIN OPTION;
GRANT eo_reader TO eo_writer, "eo_it's; a ""rôle"" \ :name";
GRANT pg_read_all_settings TO eo_reader;
ALTER ROLE eo_writer SET search_path = eo, "s p", public;
ALTER ROLE eo_writer SET "eo.setting" = E'it''s; a \\ :name\nsecond line';
ALTER ROLE eo_login SET statement_timeout = '90s';
COMMENT ON ROLE eo_owner IS E'owner; it''s \\ :name\nsecond line';
SET allow_in_place_tablespaces = on;
CREATE TABLESPACE eo_space OWNER eo_owner LOCATION '' WITH (random_page_cost = 1.5);
GRANT CREATE ON TABLESPACE eo_space TO eo_writer;
COMMENT ON TABLESPACE eo_space IS 'a tablespace';
\endif

ALTER DATABASE :"db" OWNER TO eo_owner;
ALTER DATABASE :"db" SET search_path = public, eo, "s p";
ALTER DATABASE :"db" SET work_mem = '9MB';
ALTER DATABASE :"db" SET "eo.setting" = E'it''s; a \\ :name\nsecond line';
ALTER DATABASE :"db" CONNECTION LIMIT 40;
ALTER ROLE eo_reader IN DATABASE :"db" SET default_transaction_read_only = on;
COMMENT ON DATABASE :"db" IS E'it''s; a \\ :name\nsecond line';
REVOKE TEMPORARY ON DATABASE :"db" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"db" TO eo_writer WITH GRANT OPTION;
