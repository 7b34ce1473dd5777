import type pg from 'pg';

/**
 * Turns the rows of all tables round on the disk. What a program gives must not depend on that, because the promise does not
 * cover it: `--mode shake` proves that of the programs themselves.
 */
export async function shakeRows(client: pg.Client): Promise<void> {
  // Event triggers are not to see it.
  await client.query('SET session_replication_role = replica');
  const { rows } = await client.query<{ command: string }>(COMMANDS);
  for (const { command } of rows) await client.query(command);
}

/**
 * CLUSTER by an index that is there for this only. Indexes have no side effects, whatever hangs on the table. A table that is
 * clustered by another index stays so.
 */
const COMMANDS = `SELECT format('CREATE INDEX same_shake ON %1$s (%2$s DESC); CLUSTER %1$s USING same_shake; DROP INDEX %3$I.same_shake',
      c.oid::regclass, keys, n.nspname)
    || coalesce((SELECT format('; ALTER TABLE %s CLUSTER ON %I', c.oid::regclass, x.relname)
                 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                 WHERE i.indrelid = c.oid AND i.indisclustered), '') AS command
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
    LATERAL (SELECT string_agg(quote_ident(attname), ' DESC, ' ORDER BY attnum) AS keys FROM pg_attribute
             WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND atttypid IN (23, 20, 25, 1043)) AS columns
  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND c.oid >= 16384 AND keys IS NOT NULL ORDER BY c.oid`;
