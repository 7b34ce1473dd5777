-- Publications of all forms, subscriptions that never connect.

CREATE PUBLICATION eo_all FOR ALL TABLES WITH (publish = 'insert, truncate');
CREATE PUBLICATION eo_empty;
CREATE PUBLICATION eo_tables FOR TABLE every_column, ONLY parent, replica_full WITH (publish = 'insert');
CREATE PUBLICATION eo_columns FOR TABLE country (code, name), texts (id) WHERE (id > 5 AND t <> E'it''s; \\ :name\n') WITH (publish = 'insert');
CREATE PUBLICATION eo_schemas FOR TABLES IN SCHEMA "s p", eo;
CREATE PUBLICATION "eo_root; it's" FOR TABLE measured WITH (publish_via_partition_root = true);

CREATE SUBSCRIPTION eo_subscription CONNECTION 'host=nowhere.invalid dbname=x password=''it\''s; \\ :name''' PUBLICATION eo_all, "eo_root; it's" WITH (connect = false);
CREATE SUBSCRIPTION "eo_sub; it's" CONNECTION 'host=nowhere.invalid' PUBLICATION eo_all
  WITH (connect = false, enabled = false, slot_name = NONE, create_slot = false, binary = true, streaming = true, two_phase = false, disable_on_error = true, synchronous_commit = 'remote_apply');
