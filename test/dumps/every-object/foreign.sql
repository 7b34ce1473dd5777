-- Foreign data: wrappers, servers, user mappings, tables. Nothing is ever connected to.

CREATE FOREIGN DATA WRAPPER eo_empty_wrapper OPTIONS ("an option" 'it''s; \ :name');
CREATE FOREIGN DATA WRAPPER eo_wrapper HANDLER file_fdw_handler VALIDATOR file_fdw_validator;
CREATE SERVER eo_files FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER "eo_server; it's" TYPE 'any; type' VERSION '1''2' FOREIGN DATA WRAPPER postgres_fdw
  OPTIONS (host 'nowhere.invalid', dbname E'it''s; a \\ "name"', fetch_size '7');
CREATE SERVER eo_nothing FOREIGN DATA WRAPPER eo_empty_wrapper OPTIONS (a 'b');
CREATE USER MAPPING FOR PUBLIC SERVER "eo_server; it's" OPTIONS (user 'me', password 'it''s; \ secret');
CREATE USER MAPPING FOR "eo_it's; a ""rôle"" \ :name" SERVER eo_nothing OPTIONS ("user" 'x');

CREATE FOREIGN TABLE far_file (a integer NOT NULL, b text OPTIONS (force_not_null 'true') COLLATE "C")
  SERVER eo_files OPTIONS (filename '/nowhere/it''s; a \ file', format 'csv', delimiter E'\t', "null" '\N');
CREATE FOREIGN TABLE far_table (id integer OPTIONS (column_name 'I;d'), t text DEFAULT 'it''s', CHECK (id > 0))
  SERVER "eo_server; it's" OPTIONS (schema_name 's;', table_name E'it''s "a" \\ table');
CREATE FOREIGN TABLE far_child (a integer NOT NULL, b text, CONSTRAINT parent_a_check CHECK (a > 0)) INHERITS (parent) SERVER "eo_server; it's";
CREATE FOREIGN TABLE far_partition PARTITION OF by_mood FOR VALUES IN ('ok') SERVER "eo_server; it's" OPTIONS (table_name 'ok');
ALTER FOREIGN TABLE far_table ALTER t SET STATISTICS 40;
