import { createHash } from 'node:crypto';

/** What a database holds, as text that two builds can be compared by: objects, columns, definitions, rows as sets. */
export type Query = (sql: string) => Promise<readonly Record<string, unknown>[]>;

export interface Snapshot {
  readonly objects: readonly string[];
  /** Table → number of rows and a digest of them, sorted. */
  readonly rows: Readonly<Record<string, string>>;
}

const USER_SCHEMAS = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;

export async function takeSnapshot(query: Query): Promise<Snapshot> {
  const objects = await query(`
    SELECT line FROM (
      SELECT format('%s %I.%I %s', c.relkind, n.nspname, c.relname, coalesce(obj_description(c.oid, 'pg_class'), '')) AS line
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${USER_SCHEMAS}
      UNION ALL
      SELECT format('column %I.%I %I %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(d.adbin, d.adrelid))
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attnum > 0 AND ${USER_SCHEMAS}
      UNION ALL
      SELECT format('view %I.%I %s', n.nspname, c.relname, pg_get_viewdef(c.oid))
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND ${USER_SCHEMAS}
      UNION ALL
      SELECT format('rule %s', pg_get_ruledef(r.oid))
        FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rulename <> '_RETURN' AND ${USER_SCHEMAS}
      UNION ALL
      SELECT pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${USER_SCHEMAS}
    ) AS lines ORDER BY line COLLATE "C"`);
  const tables = await query(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND ${USER_SCHEMAS} ORDER BY 1`);
  const rows: Record<string, string> = {};
  for (const { name } of tables) {
    const table = String(name);
    const lines = await query(`SELECT t::text COLLATE "C" AS row FROM ${table} AS t ORDER BY 1`);
    rows[table] = `${lines.length} ${digest(lines.map((line) => String(line.row)).join('\n'))}`;
  }
  return { objects: objects.map((object) => String(object.line)), rows };
}

export function digest(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16);
}
