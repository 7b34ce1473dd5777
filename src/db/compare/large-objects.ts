import type { Client } from 'pg';
import { acl, owner } from './catalog-query.js';
import type { DescribedObject } from './description.js';
import { readRows } from './read-rows.js';

/**
 * Large objects have no name but an OID, which depends on what was made before: two databases are the same when they have as
 * many of each content, owner, privileges and comment.
 */
export async function describeLargeObjects(client: Client): Promise<readonly DescribedObject[]> {
  const [{ readable } = {}] = await readRows(
    client,
    `SELECT has_table_privilege('pg_largeobject', 'SELECT') AS readable`,
  );
  // Only superusers read the pages, of objects of any size; everybody else reads whole objects, up to 1 GB.
  const content =
    readable === 't'
      ? `(SELECT md5(string_agg(md5(l.pageno || ' ' || encode(l.data, 'hex')), '' ORDER BY l.pageno))
          FROM pg_largeobject l WHERE l.loid = m.oid)`
      : `md5(lo_get(m.oid))`;
  const rows = await readRows(
    client,
    `SELECT concat_ws(', ', 'content ' || content, 'owner ' || owner, 'acl ' || acl, 'comment ' || comment) AS object,
        count(*) AS number
      FROM (SELECT ${content} AS content, ${owner('m.lomowner')} AS owner, ${acl('m.lomacl')} AS acl,
          obj_description(m.oid, 'pg_largeobject') AS comment
        FROM pg_largeobject_metadata m) AS one
      GROUP BY 1`,
  );
  return rows.map(({ object, number = null }) => ({
    what: 'large object',
    object: object ?? '',
    parent: undefined,
    facts: { number },
  }));
}
