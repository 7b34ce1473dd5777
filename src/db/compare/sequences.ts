import type { Client } from 'pg';
import type { DescribedObject } from './description.js';
import { readRows } from './read-rows.js';

/** Where each sequence stands. Only the sequence itself knows both halves of it (pg_sequences does not tell is_called). */
export async function describeSequences(client: Client): Promise<readonly DescribedObject[]> {
  const names = await readRows(
    client,
    `SELECT c.oid::regclass AS name FROM pg_class c
      WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND c.oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_depend e
          WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`,
  );
  const found: DescribedObject[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const queries = names
      .slice(at, at + AT_ONCE)
      .map(
        ({ name }) => `SELECT '${name?.replaceAll("'", "''")}' AS object, last_value, is_called FROM ${name}`,
      );
    for (const { object, ...facts } of await readRows(client, queries.join(' UNION ALL ')))
      found.push({ what: 'sequence', object: object ?? '', parent: undefined, facts });
  }
  return found;
}

const AT_ONCE = 200;
