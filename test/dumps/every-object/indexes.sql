-- Indexes of all methods and with all options.

CREATE TABLE indexed (
  a integer NOT NULL, b text, c integer[], d tsvector, e point, f inet, g jsonb, h int4range, i cube, j ltree, k base, l timestamptz
);
CREATE INDEX indexed_btree ON indexed (a DESC, b COLLATE "C" text_pattern_ops NULLS FIRST) INCLUDE (f) WITH (fillfactor = 60, deduplicate_items = off);
CREATE INDEX indexed_partial ON indexed (lower(b), (a + 1)) WHERE b <> E'it''s; \\ :name\n' AND a > 0;
CREATE UNIQUE INDEX indexed_unique ON indexed (a, b) NULLS NOT DISTINCT;
CREATE INDEX indexed_hash ON indexed USING hash (b);
CREATE INDEX indexed_gin ON indexed USING gin (c ext.gin__int_ops) WITH (fastupdate = off);
CREATE INDEX indexed_gin_jsonb ON indexed USING gin (g jsonb_path_ops, d);
CREATE INDEX indexed_trigrams ON indexed USING gist (b ext.gist_trgm_ops (siglen = 32));
CREATE INDEX indexed_gist ON indexed USING gist (h, i) WITH (buffering = on);
CREATE INDEX indexed_ltree ON indexed USING gist (j gist_ltree_ops (siglen = 100));
CREATE INDEX indexed_spgist ON indexed USING spgist (e quad_point_ops);
CREATE INDEX indexed_spgist_inet ON indexed USING spgist (f) TABLESPACE eo_space;
CREATE INDEX indexed_brin ON indexed USING brin (l timestamptz_minmax_multi_ops (values_per_range = 16), a int4_bloom_ops) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX indexed_bloom ON indexed USING bloom (a, b) WITH (length = 96, col1 = 3);
CREATE INDEX indexed_base ON indexed (k);
CREATE INDEX indexed_own_method ON indexed USING eo_bloom (a own_method_ops);
CREATE INDEX "indexed; it's ""own"" \ :name" ON indexed (b);
ALTER INDEX indexed_partial ALTER COLUMN 2 SET STATISTICS 300;
ALTER TABLE indexed CLUSTER ON indexed_btree;
