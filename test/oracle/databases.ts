/**
 * Builds whole databases from their scripts with psql and with pqrun, and compares what pg_dumpall says of them:
 *
 *     npm run build && npx tsx test/oracle/databases.ts PATH...
 *
 * A path is a .sql file or a directory of them; each is one database. psql takes the files in natural order, each in a
 * session of its own, and stops at the first error. Then pqrun has to stop as well and leave the same behind.
 * Each build has a cluster of its own, for scripts that make databases and roles. Prints a line for each path; exit
 * status 1 when something differs. PQRUN_ORACLE=psql puts psql in pqrun's place.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { compareNaturally } from '../../src/script/natural-order.js';
import { startDebianServer } from '../debian-server.js';
import { dump, firstDifference, withSortedRows } from '../dumps/dump.js';
import { createDatabase } from '../dumps/program.js';
import { restoreWithPsql, restoreWithTested, type Restore } from '../dumps/restore.js';

interface Contender {
  readonly name: string;
  readonly restore: Restore;
  readonly jobs: number;
  readonly options?: readonly string[];
}

const ORACLE: Contender = { name: 'psql', restore: restoreWithPsql, jobs: 1 };
const TESTED: readonly Contender[] = [
  { name: '-j 1', restore: restoreWithTested, jobs: 1 },
  { name: '-j 2', restore: restoreWithTested, jobs: 2 },
  { name: '-j 4', restore: restoreWithTested, jobs: 4, options: ['--split-copy=always'] },
  { name: '-j 8', restore: restoreWithTested, jobs: 8 },
  // Ready jobs in an order of chance.
  ...[1, 2, 3, 4, 5].map((seed) => ({
    name: `-j 8 --shuffle ${seed}`,
    restore: restoreWithTested,
    jobs: 8,
    options: ['--shuffle', String(seed)],
  })),
];

interface Built {
  readonly seconds: number;
  /** Where it stopped and why. */
  readonly error: string | undefined;
  readonly dumped: Buffer;
}

interface Verdict {
  readonly text: string;
  readonly differs: boolean;
}

async function build(files: readonly string[], contender: Contender): Promise<Built> {
  const { restore, jobs, options = [] } = contender;
  const server = await startDebianServer();
  try {
    const into = await createDatabase(server, 'built');
    const began = performance.now();
    const error = await restore({ files, into, jobs, options }).then(() => undefined, errorLine);
    const seconds = (performance.now() - began) / 1000;
    return { seconds, error, dumped: await dump(into, { program: 'pg_dumpall' }) };
  } finally {
    await server.stop();
  }
}

/** Of all that a program said before it failed, the line that names the error. */
function errorLine(fault: unknown): string {
  const lines = String(fault).split('\n').slice(1);
  return lines.find((line) => /\berror\b/i.test(line))?.trim() ?? lines.join(' ').slice(0, 200);
}

function judge(expected: Built, actual: Built): Verdict {
  const stopped = actual.error === undefined ? '' : `, stopped: ${actual.error}`;
  if ((expected.error === undefined) !== (actual.error === undefined)) {
    return { text: `DIFFERS in the outcome${stopped || ', did not stop'}`, differs: true };
  }
  if (firstDifference(expected.dumped, actual.dumped) === undefined) return { text: 'same', differs: false };
  const difference = firstDifference(withSortedRows(expected.dumped), withSortedRows(actual.dumped));
  if (difference === undefined) return { text: 'same, rows in another order', differs: false };
  return { text: `DIFFERS${stopped} ${JSON.stringify(difference)}`, differs: true };
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const scripts = names.filter((name) => name.endsWith('.sql')).toSorted(compareNaturally);
  return scripts.map((name) => join(path, name));
}

/** Prints the line of a database; says whether all is the same. */
async function compare(path: string): Promise<boolean> {
  const files = filesOf(path);
  const expected = await build(files, ORACLE);
  const parts = [`${basename(path)}, ${files.length} files`, `psql ${expected.seconds.toFixed(2)} s`];
  if (expected.error !== undefined) parts.push(`stopped: ${expected.error}`);
  let same = true;
  for (const contender of TESTED) {
    const actual = await build(files, contender);
    const { text, differs } = judge(expected, actual);
    parts.push(`${contender.name} ${actual.seconds.toFixed(2)} s ${text}`);
    same &&= !differs;
  }
  console.log(parts.join(' | '));
  return same;
}

const paths = process.argv.slice(2);
if (paths.length === 0) throw new Error('usage: npx tsx test/oracle/databases.ts PATH...');
for (const path of paths) {
  if (!(await compare(resolve(path)))) process.exitCode = 1;
}
