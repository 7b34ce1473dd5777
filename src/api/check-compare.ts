import { compareDescriptions } from '../db/compare/differences.js';
import type { DatabaseDescription } from '../db/compare/description.js';
import { sampleRows } from '../db/compare/sample-rows.js';
import type { Difference, RowSample } from '../model/difference.js';
import type { Plan } from '../model/plan.js';
import { mayOverlap, suspectsFor } from '../plan/suspects.js';
import type { Compared, FoundDifference, Suspects } from '../report/check-outcome.js';
import { openScratchClient } from './check-scratch.js';
import type { Server } from './server.js';

/** Two builds, described: what differs, some of the rows, and the jobs that have to do with it. */

export interface Builds {
  /** Of the second build. */
  readonly plan: Plan;
  readonly servers: readonly [Server, Server];
}

type Both = readonly [DatabaseDescription, DatabaseDescription];

export async function compareBuilds(both: Both, builds: Builds): Promise<readonly FoundDifference[]> {
  const differences = compareDescriptions(...both);
  const found: FoundDifference[] = [];
  for (const difference of differences) {
    const jobs = suspectsOf(difference, both, builds.plan);
    const sample =
      found.length < SAMPLED && difference.kind === 'rows'
        ? await sampleOf(difference, both, builds)
        : undefined;
    found.push(sample === undefined ? { difference, jobs } : { difference, jobs, sample });
  }
  return found;
}

/** Of so many differences rows are fetched, and so many of each. */
const SAMPLED = 50;
const SAMPLE = 3;

export function countsOf({ objects, rows }: DatabaseDescription): Compared {
  const sequences = [...objects.values()].filter(({ what }) => what === 'sequence').length;
  const all = [...rows.values()].reduce((sum, { count }) => sum + count, 0n);
  return { objects: objects.size, tables: rows.size, rows: all, sequences };
}

async function sampleOf(
  { what, object }: Difference,
  [left, right]: Both,
  { servers }: Builds,
): Promise<RowSample | undefined> {
  const [table, other] = [left, right].map(({ rows }) => rows.get(`${what} ${object}`));
  // Rows of other columns are other texts, all of them: that says nothing.
  if (table === undefined || other === undefined || !hasSameColumns([left, right], `${what} ${object}`))
    return undefined;
  const [one, two] = await Promise.all(servers.map(({ value }) => openScratchClient(value)));
  if (one === undefined || two === undefined) return undefined;
  try {
    return await sampleRows([one, two], { table, limit: SAMPLE, rows: table.count + other.count });
  } finally {
    await Promise.all([one, two].map((client) => client.end().catch(() => undefined)));
  }
}

function hasSameColumns(both: Both, table: string): boolean {
  const [left, right] = both.map(({ objects }) =>
    [...objects.values()]
      .filter(({ parent, what }) => parent === table && what.endsWith(' column'))
      .map(({ object, facts }) => `${object} ${facts.type ?? ''}`)
      .toSorted()
      .join(),
  );
  return left === right;
}

function suspectsOf(difference: Difference, [left, right]: Both, plan: Plan): Suspects {
  const key = `${difference.what} ${difference.object}`;
  const described = left.objects.get(key) ?? right.objects.get(key);
  const owner = described?.parent === undefined ? undefined : objectOf([left, right], described.parent);
  // Statements about a part name what it belongs to, and perhaps the part.
  if (NAMELESS.has(difference.what)) return { names: [], mayOverlap: false };
  const names = owner === undefined ? namesIn(difference.object) : [...namesIn(owner), ...partOf(difference)];
  const jobs = suspectsFor(plan, names);
  return { names: jobs.map(({ name }) => name), mayOverlap: mayOverlap(plan, jobs) };
}

/** What no statement has a plain name for. */
const NAMELESS: ReadonlySet<string> = new Set([
  'cast',
  'database',
  'default acl',
  'large object',
  'transform',
  'user mapping',
]);

function objectOf([left, right]: Both, key: string): string | undefined {
  return (left.objects.get(key) ?? right.objects.get(key))?.object;
}

/** Only indexes and sequences are changed by their own names. */
function partOf({ what, object }: Difference): readonly string[] {
  return what === 'index' || what === 'sequence' ? namesIn(object) : [];
}

/** `public.orders` → orders, `s."Odd name"` → Odd name, `s.f(integer)` → f, `hstore` → hstore. */
function namesIn(object: string): readonly string[] {
  const [path = ''] = /^(?:"(?:[^"]|"")*"|[^\s("]+)*/.exec(object) ?? [];
  const name = path.match(/"(?:[^"]|"")*"|[^."]+/g)?.at(-1);
  if (name === undefined) return [];
  return [name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name];
}
