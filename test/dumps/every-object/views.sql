-- Views, rules, materialized views.

CREATE VIEW simple_view AS SELECT id, t, 'it''s; a \ "string"'::text AS "it's; :name" FROM every_column WHERE t <> E'\\.\n';
CREATE VIEW options_view WITH (security_barrier, security_invoker = true, check_option = cascaded) AS SELECT * FROM owned WHERE a > 0;
CREATE VIEW local_check AS SELECT a FROM options_view WHERE a < 10 WITH LOCAL CHECK OPTION;
CREATE RECURSIVE VIEW recursive_view (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM recursive_view WHERE n < 5;
CREATE VIEW with_cycle AS
  WITH RECURSIVE twins (id, twin) AS (
    SELECT id, twin FROM city UNION ALL SELECT c.id, c.twin FROM city c JOIN twins t ON c.id = t.twin
  ) SEARCH DEPTH FIRST BY id SET sequence CYCLE id SET is_cycle USING path
  SELECT id, twin, is_cycle FROM twins ORDER BY sequence;
-- :"N" in a slice is no variable of psql's.
CREATE VIEW slices AS
  SELECT c[1:"N".n] AS first, c["N".n:] AS last, c[:"N".n] AS until, c["N".n :"N".n] AS one FROM indexed, (SELECT 2 AS n) "N";
CREATE VIEW windows AS
  SELECT a, sum(a) OVER w, numbered() OVER (PARTITION BY b ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES)
  FROM indexed WINDOW w AS (ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING);
CREATE VIEW sampled AS SELECT a FROM indexed TABLESAMPLE bernoulli (50) REPEATABLE (7);
CREATE VIEW operators AS
  SELECT ROW (1, 'x', NULL)::pair OPERATOR(eo.^@#|&) ROW (2, 'y', NULL)::pair AS sum, @#@ ROW (NULL, NULL, NULL)::pair AS bang,
         '5'::base = 5 AS mixed, middle(0.5) WITHIN GROUP (ORDER BY a) AS middle FROM indexed;
CREATE VIEW column_default AS SELECT a, b FROM no_rows;
ALTER VIEW column_default ALTER b SET DEFAULT E'view''s; \\';
-- Views that need each other, by a rule.
CREATE VIEW first_of_two AS SELECT 1 AS x, 'a'::text AS y;
CREATE VIEW second_of_two AS SELECT x, y FROM first_of_two;
CREATE OR REPLACE VIEW first_of_two AS SELECT x, y FROM (SELECT 1 AS x, 'b'::text AS y) AS s;
-- A view over a primary key that its GROUP BY relies on.
CREATE VIEW grouped AS SELECT c.id, c.name, count(*) FROM city c JOIN country USING (name) GROUP BY c.id;

CREATE RULE insert_instead AS ON INSERT TO column_default DO INSTEAD INSERT INTO no_rows VALUES (NEW.a, NEW.b || ';');
CREATE RULE several AS ON UPDATE TO column_default WHERE NEW.a <> OLD.a
  DO INSTEAD (UPDATE no_rows SET a = NEW.a WHERE a = OLD.a; INSERT INTO no_rows VALUES (0, 'a;b'); DELETE FROM no_rows WHERE b = 'it''s;');
CREATE RULE otherwise AS ON UPDATE TO column_default DO INSTEAD NOTHING;
CREATE RULE "rule; it's" AS ON DELETE TO no_rows DO ALSO SELECT OLD.a;
ALTER TABLE no_rows DISABLE RULE "rule; it's";
CREATE RULE always_rule AS ON INSERT TO replica_nothing DO ALSO NOTIFY "eo; it's", 'it''s; \';
ALTER TABLE replica_nothing ENABLE ALWAYS RULE always_rule;

CREATE MATERIALIZED VIEW mat WITH (fillfactor = 80) AS SELECT generate_series(1, 20) AS n, E'it''s; \\\n' AS t;
CREATE UNIQUE INDEX mat_n ON mat (n);
ALTER MATERIALIZED VIEW mat CLUSTER ON mat_n;
CREATE MATERIALIZED VIEW mat_on_mat AS SELECT n * 2 AS n FROM mat;
CREATE MATERIALIZED VIEW mat_unpopulated AS SELECT n FROM mat_on_mat WITH NO DATA;
CREATE MATERIALIZED VIEW mat_late AS SELECT code, name FROM country ORDER BY code WITH NO DATA;
ALTER MATERIALIZED VIEW mat_late ALTER name SET STATISTICS 50;
