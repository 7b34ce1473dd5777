import { named, owner, type CatalogQuery } from './catalog-query.js';

/** What hangs on a table: triggers, rules, policies, statistics objects. */
export const RELATION_PART_QUERIES: readonly CatalogQuery[] = [
  {
    has: ['parent'],
    sql: `SELECT 'pg_trigger'::regclass AS classid, t.oid AS objid, t.tgrelid AS parent,
        pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS enabled
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE NOT t.tgisinternal AND c.relpersistence <> 't'`,
  },
  {
    // A view's own rule is its definition.
    has: ['parent'],
    sql: `SELECT 'pg_rewrite'::regclass AS classid, r.oid AS objid, r.ev_class AS parent,
        pg_get_ruledef(r.oid) AS definition, r.ev_enabled AS enabled
      FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
      WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't'`,
  },
  {
    has: ['parent'],
    sql: `SELECT 'pg_policy'::regclass AS classid, p.oid AS objid, p.polrelid AS parent,
        p.polpermissive AS permissive, p.polcmd AS command,
        (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE role::regrole::text END, ', '
            ORDER BY role::regrole::text COLLATE "C") FROM unnest(p.polroles) AS role) AS roles,
        pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS check
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relpersistence <> 't'`,
  },
  {
    has: ['parent'],
    sql: `SELECT 'pg_statistic_ext'::regclass AS classid, s.oid AS objid, s.stxrelid AS parent,
        pg_get_statisticsobjdef(s.oid) AS definition, ${owner('s.stxowner')} AS owner,
        nullif(s.stxstattarget, -1) AS statistics_target
      FROM pg_statistic_ext s`,
  },
  {
    sql: `SELECT 'pg_event_trigger'::regclass AS classid, e.oid AS objid,
        e.evtevent AS event, ${owner('e.evtowner')} AS owner, ${named('e.evtfoid', 'regproc')} AS function,
        e.evtenabled AS enabled, array_to_string(e.evttags, ', ') AS tags
      FROM pg_event_trigger e`,
  },
];
