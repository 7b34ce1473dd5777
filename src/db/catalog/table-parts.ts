import { existing, OURS, type Queries } from './queries.js';

/** What hangs on tables and views: whoever writes or reads them sets it going. */
export const TABLE_PART_QUERIES: Queries<
  'constraints' | 'indexes' | 'triggers' | 'rules' | 'policies' | 'statistics'
> = {
  constraints: existing(
    `SELECT con.conname::text AS name, con.conrelid AS relation, con.contypid AS domain, con.contype::text AS type,
      pg_get_constraintdef(con.oid) AS definition, con.confrelid AS target,
      con.confdeltype::text AS "onDelete", con.confupdtype::text AS "onUpdate",
      con.condeferrable AS "isDeferrable", con.conindid AS index, con.contype = 'f' AND EXISTS (
        SELECT FROM pg_trigger AS t WHERE t.tgconstraint = con.oid AND t.tgenabled IN ('A', 'R')
      ) AS "isAlways"
    FROM pg_constraint AS con JOIN pg_namespace AS n ON n.oid = con.connamespace
    WHERE ${OURS}`,
  ),
  indexes: existing(
    `SELECT i.indexrelid AS oid, i.indrelid AS "table", i.indisunique AS "isUnique", i.indisexclusion AS "isExclusion",
      ARRAY(SELECT a.attname::text FROM pg_attribute AS a WHERE a.attrelid = i.indexrelid ORDER BY a.attnum) AS keys,
      pg_get_indexdef(i.indexrelid) AS definition
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${OURS}`,
  ),
  triggers: existing(
    `SELECT t.tgname::text AS name, t.tgrelid AS relation, t.tgfoid AS routine, t.tgtype AS type,
      t.tgenabled::text AS enabled, pg_get_triggerdef(t.oid) AS definition
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND ${OURS}`,
  ),
  rules: existing(
    `SELECT r.rulename::text AS name, r.ev_class AS relation,
      CASE r.ev_type WHEN '2' THEN 'update' WHEN '3' THEN 'insert' ELSE 'delete' END AS event, r.is_instead AS "isInstead",
      pg_get_ruledef(r.oid) AS definition
    FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND ${OURS}`,
  ),
  policies: `
    SELECT p.polname::text AS name, p.polrelid AS relation, pg_get_expr(p.polqual, p.polrelid) AS using,
      pg_get_expr(p.polwithcheck, p.polrelid) AS "check"
    FROM pg_policy AS p JOIN pg_class AS c ON c.oid = p.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE ${OURS}`,
  statistics: existing(
    `SELECT n.nspname::text AS schema, s.stxname::text AS name, s.stxrelid AS relation,
      pg_get_statisticsobjdef(s.oid) AS definition
    FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
    WHERE ${OURS}`,
  ),
};
