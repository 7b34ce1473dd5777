-- Rows with every awkward character, type and size.

CREATE TABLE texts (id integer PRIMARY KEY, t text);
INSERT INTO texts VALUES
  (1, NULL), (2, ''), (3, ' '), (4, '\'), (5, '\\'), (6, '\.'), (7, E'\n\\.\n'), (8, '\N'), (9, '\\N'), (10, E'\t'), (11, E'\n'),
  (12, E'\r'), (13, E'\r\n'), (14, E'a\tb\nc\rd\\e'), (15, E'\b\f\x0b\x01\x02\x1b\x7f'), (16, 'ends with \'), (17, E'ends with\n'),
  (18, 'it''s; "a" string'), (19, ':name :''name'' :"name" {{name}}'), (20, '\connect nowhere'), (21, E'\n\\connect nowhere\n\\q\n'),
  (22, '-- no comment'), (23, '/* no comment'), (24, '$$ no quote'), (25, E'\u00a0\u0085\u2028\ufeff'), (26, 'naïve 日本 😀 é'),
  (27, '\x41\101\b\t\n'), (28, 'NULL'), (29, '\ufffe'), (30, E'\\.\r\n'), (31, repeat('\', 9)), (32, E'COPY x FROM stdin;\n1\n\\.');
INSERT INTO texts SELECT 100 + i, chr(i) FROM generate_series(1, 255) AS i;
INSERT INTO texts SELECT 1000 + i, 'x' || chr(i) || E'\\' || chr(i) || 'y' FROM generate_series(1, 127) AS i;
INSERT INTO texts VALUES
  (2001, repeat('0123456789', 100000)), (2002, repeat(E'\n', 1000000)), (2003, repeat(E'\\', 500000)), (2004, repeat('''', 500000)),
  (2005, repeat('日本;', 200000)), (2006, repeat(E'\\.\n', 100000));

CREATE TABLE all_types (
  id integer PRIMARY KEY, bo boolean, si smallint, bi bigint, nu numeric, r4 real, r8 double precision, mo money, by bytea, d date, ti time,
  tz timetz, ts timestamp, tstz timestamptz, iv interval, u uuid, bits bit(5), vbits varbit, j json, jb jsonb, jp jsonpath, i inet, ci cidr,
  mac macaddr, mac8 macaddr8, pt point, ln line, ls lseg, bx box, pa path, po polygon, circ circle, tv tsvector, tq tsquery, ar integer[],
  art text[], ar2 text[][], rng int4range, mr datemultirange, nm name, ch "char", o oid, rc regclass, lsn pg_lsn, hs hstore, lt ltree,
  cu cube, ct ext.citext, m mood, p pair, ne nested, pd pair_domain, fr float_range, mf many_floats, bs base
);
INSERT INTO all_types (id) VALUES (1);
INSERT INTO all_types VALUES (2, true, -32768, 9223372036854775807, 'NaN', 'Infinity', 'NaN', '-1234.56', '\x00ff5c270a0d09', 'infinity', '24:00',
  '00:00+15:59', 'infinity', '-infinity', '-1 year 2 mons -3 days 04:05:06.789', '00000000-0000-0000-0000-000000000000', B'10101', B'', '{"a" : "\n\\;''\"\u00e9", "a":1}',
  '{"a; b": ["it''s", null, "\\.", "\t"]}', '$."a; b"[*] ? (@ > 1)', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
  '(1e-300,2)', '{1,2,3}', '[(1,2),(3,4)]', '((1,2),(3,4))', '[(1,2),(3,4)]', '((1,2),(3,4),(5,6))', '<(1,2),3>', $$'it''s' '\\':3A 'x;y'$$,
  $$'it''s' & !'\\':*AB$$, '{}', ARRAY['', NULL, 'NULL', '"', '\', '{,}', E'\n\t', 'it''s;', ' '], '[2:3][-1:0]={{a,b},{"c;",NULL}}', '(,5]', '{[2020-01-01,2020-02-01),[infinity,infinity]}',
  'näme', '\', 4294967295, 'pg_class', 'FF/1', '"a=>b; ''"=>"\"\\ ", n=>NULL', 'top.a_b.c', '(1,2),(3,4)', 'CiTeXt', 'glücklich 日本',
  ROW (1, E'"it''s"; \\\n', '{1.5,NULL}'), ROW (ROW (1, '', NULL), ARRAY[ROW (2, ',()"', '{}')::pair, NULL], 'ok'), ROW (8, NULL, NULL),
  'empty', '{[1,2),[3,)}', '-5');
INSERT INTO all_types (id, by, bo, nu, r8, tstz) VALUES
  (3, decode(repeat('005cff', 350000), 'hex'), false, 1e1000, 5e-324, '0001-01-01 BC'),
  (4, '', NULL, -0.00000000000000000001, 0.1::float8 + 0.2, '294276-12-31 23:59:59.999999+00');
\if :xml
CREATE TABLE xmls (x xml);
INSERT INTO xmls VALUES (E'<a b="it''s; \\">\n</a>'), ('text &amp; more');
\endif

INSERT INTO no_columns SELECT FROM generate_series(1, 3);
INSERT INTO columns_dropped DEFAULT VALUES;
INSERT INTO every_column (t, vc, c, n, ts) SELECT 'row ' || i, NULLIF('v' || i, 'v3'), 'c', i, '2024-01-01' FROM generate_series(1, 120) AS i;
INSERT INTO always_identity (t) VALUES ('one'), (E'two\n');
INSERT INTO unlogged VALUES (1, 'kept');
INSERT INTO typed VALUES (1, 'x', '{1,2}');
INSERT INTO own_method SELECT i, E'r\n' || i FROM generate_series(1, 10) AS i;
INSERT INTO in_space VALUES (1);
INSERT INTO owned SELECT i % 7, i FROM generate_series(1, 1000) AS i;
INSERT INTO parent VALUES (1, 'p');
INSERT INTO child VALUES (2, 'c', 3, 4);
INSERT INTO grandchild VALUES (3, 'g', 3, 4);
INSERT INTO joined_later VALUES (4, 'j', '2024-02-29');
BEGIN;
INSERT INTO country VALUES ('FR', 'France'), ('DE', E'Deutsch\\land');
INSERT INTO city VALUES (1, 'FR', 'Paris', NULL), (2, 'DE', 'Köln; it''s', 3), (3, 'DE', 'Berlin', 2);
UPDATE country SET capital = CASE code WHEN 'FR' THEN 1 ELSE 3 END;
COMMIT;
CREATE TRIGGER spoil BEFORE INSERT ON city FOR EACH ROW EXECUTE FUNCTION spoil();
INSERT INTO booking VALUES (1, '[2024-01-01,2024-01-02)', 'it''s'), (1, '[2024-01-02,)', NULL), (-1, '(,)', ''), (-1, 'empty', '');
INSERT INTO holder SELECT i, i, i FROM generate_series(1, 50) AS i;
INSERT INTO loose VALUES (NULL, NULL);
INSERT INTO partly SELECT i, i FROM generate_series(1, 50) AS i;
INSERT INTO measured SELECT timestamp '2023-10-01' + i * interval '20 days', (ARRAY['it''s; north', E'a\\b', 'east', 'west', 'süd'])[1 + i % 5], i FROM generate_series(0, 60) AS i;
INSERT INTO refers SELECT at, place FROM measured WHERE value < 5;
INSERT INTO hashed SELECT 1 + i % 3, 'h' || i FROM generate_series(1, 40) AS i;
INSERT INTO by_expression SELECT i % 5, 'B' || i FROM generate_series(1, 20) AS i;
INSERT INTO by_mood VALUES ('sad', 1), (NULL, 2), ('it''s; \ "happy"', 3);
INSERT INTO indexed SELECT i, 'text ' || i, ARRAY[i, i + 1], to_tsvector('simple', 'word' || i), point(i, i), '10.0.0.1', jsonb_build_object('k', i), int4range(i, i + 5),
  cube(i), 'a.b', i::text::base, timestamptz '2024-01-01 UTC' + i * interval '1 hour' FROM generate_series(1, 300) AS i;
INSERT INTO watched VALUES (1, 'x', 'y'), (2, E'it''s; \\ :name\n', NULL);
UPDATE watched SET b = 'z' WHERE a = 1;
SELECT nextval('counter'), nextval('smallest'), nextval('smallest'), nextval('far'), setval('fast_counter', 5, false) \gset ignored_
