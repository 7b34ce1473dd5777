import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFiles } from './contenders.js';
import { onDurableServer } from './durable.js';
import { boundOf, jobSeconds, jobsWall, placeKey, planOf, readEvents, statementSeconds } from './events.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * The sample build-db: plain ordered scripts, over two connections against psql, and against what the plan allows, on a server
 * with PostgreSQL's own settings; and the
 * same scripts with hardly any rows and a nap in each bigger statement: their lengths are known, and not a matter of the server.
 *
 * What the plan allows is reckoned from what each statement takes on one core, one after another, while the other core does the
 * same: runs of one connection each, side by side in two databases. Cores share their memory, and sessions the log: two psql
 * that fill and index two tables beside each other took 1.21 and 1.29 times as long as one by itself; no plan makes up for that.
 */
export async function buildDb(bench: Bench): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    const real = await onDurableServer((env) => awake({ ...bench, env }, directory));
    return [...real, ...(await asleep(bench, directory))];
  } finally {
    await runAll([psql(DROP, bench.env)]);
    rmSync(directory, { recursive: true });
  }
}

const SAMPLE = resolve(import.meta.dirname, '../../sql-samples/build-db');
const FILES = globSync('*.sql', { cwd: SAMPLE }).toSorted();
/** As the sample itself begins. */
const DROP = /DROP SCHEMA[^;]*/.exec(readFileSync(join(SAMPLE, FILES[0] ?? ''), 'utf8'))?.[0] ?? '';

async function awake({ env, rounds, scale }: Bench, directory: string): Promise<readonly Row[]> {
  const variables = ['-v', `scale=${ROWS * scale}`];
  const log = join(directory, 'events.ndjson');
  const args = ['-j', '2', ...variables, SAMPLE];
  const remembering = { ...env, XDG_CACHE_HOME: directory };
  const walls: number[] = [];
  const bounds: number[] = [];
  const beside = { ...env, PGDATABASE: 'beside' };
  const fresh = async (action: () => Promise<unknown>): Promise<number> => {
    await runAll([psql(DROP, env), psql(DROP, beside)]);
    await runAll([psql('CHECKPOINT', env)]);
    return timed(action);
  };
  await runAll([psql('CREATE DATABASE beside', env)]);
  await runAll([psql(DROP, env)]);
  const plan = await planOf(args, env);
  const times = await alternate(rounds, {
    pqrun: async () => {
      const took = await fresh(() => runAll([pqrun(['-q', '--events', log, ...args], remembering)]));
      walls.push(jobsWall(readEvents(log)));
      return took;
    },
    one: async () => {
      const one = pqrun(['-q', '--events', log, ...ONE_BY_ONE, ...variables, SAMPLE], env);
      const other = pqrun(['-q', ...ONE_BY_ONE, ...variables, SAMPLE], beside);
      const took = await fresh(() => runAll([one, other]));
      const seconds = jobSeconds(plan, statementSeconds(readEvents(log)));
      bounds.push(boundOf(plan, seconds, 2).least);
      return took;
    },
    psql: () =>
      fresh(() =>
        runAll([
          psqlFiles(
            FILES.map((file) => join(SAMPLE, file)),
            env,
            variables,
          ),
        ]),
      ),
  });
  const [ours, theirs] = [median(times.pqrun), median(times.psql)];
  const [wall, least] = [median(walls), median(bounds)];
  const ratio = wall / least;
  return [
    {
      what: `build-db, ${ROWS} times its rows, -j 2`,
      pqrun: ours,
      other: 'psql -f',
      seconds: theirs,
      ratio: ours / theirs,
      bar: '≤ 0.625',
      met: ours / theirs <= 0.625,
    },
    {
      what: 'from its first job to its last',
      pqrun: wall,
      other: 'max(critical path, work / 2)',
      seconds: least,
      ratio,
      bar: '≤ 1.05',
      met: ratio <= 1.05,
    },
  ];
}

/** Times those that the sample has by itself: a build of some ten seconds, so that the start of Node is no tenth of it. */
const ROWS = 3;

/** One statement at a time, on one core. */
const ONE_BY_ONE = [
  ...['-j', '1', '--server-cores', 'off'],
  ...['--set', 'max_parallel_workers_per_gather=0', '--set', 'max_parallel_maintenance_workers=0'],
];

const CONNECTIONS = 8;

async function asleep({ env, rounds, scale }: Bench, directory: string): Promise<readonly Row[]> {
  const build = join(directory, 'asleep');
  const naps = writeNapping(build, scale);
  const log = join(directory, 'naps.ndjson');
  const hardlyAny = ['-v', 'scale=0.001'];
  const args = ['-j', String(CONNECTIONS), ...hardlyAny, build];
  const remembering = { ...env, XDG_CACHE_HOME: directory };
  await runAll([psql(DROP, env)]);
  const plan = await planOf(args, env);
  await runAll([pqrun(['-q', '--events', log, ...ONE_BY_ONE, ...hardlyAny, SAMPLE], env)]);
  const awake = statementSeconds(readEvents(log));
  const { least } = boundOf(plan, jobSeconds(plan, new Map([...awake, ...naps])), CONNECTIONS);
  const once = async (): Promise<number> => {
    await runAll([psql(DROP, env)]);
    await runAll([pqrun(['-q', '--events', log, ...args], remembering)]);
    return jobsWall(readEvents(log));
  };
  // The first run learns how long each job takes; the next ones start the long ones early.
  await once();
  const { pqrun: walls } = await alternate(Math.min(3, rounds), { pqrun: once });
  const ours = median(walls);
  return [
    {
      what: `build-db of naps, -j ${CONNECTIONS}`,
      pqrun: ours,
      other: `max(critical path, work / ${CONNECTIONS})`,
      seconds: least,
      ratio: ours / least,
      bar: '≤ 1.05',
      met: ours / least <= 1.05,
    },
  ];
}

/**
 * Writes the scripts again with a nap of 100 to 2000 ms in each statement that moves rows. Returns the seconds of these
 * statements by their places.
 */
function writeNapping(directory: string, scale: number): ReadonlyMap<string, number> {
  mkdirSync(directory);
  const naps = new Map<string, number>();
  for (const file of FILES) {
    const text = readFileSync(join(SAMPLE, file), 'utf8');
    const slow = text.replace(MOVES_ROWS, (statement: string, offset: number) => {
      // Many short ones, few long ones, as builds have them.
      const share = ((naps.size * 7919) % 1000) / 1000;
      const seconds = (0.1 + 1.9 * share * share) * scale;
      const line = text.slice(0, offset).split('\n').length;
      naps.set(placeKey({ file, line }), seconds);
      return `${statement}pg_sleep(${seconds}) AS nap, `;
    });
    writeFileSync(join(directory, file), slow);
  }
  return naps;
}

/** Up to its first FROM at the beginning of a line. */
const MOVES_ROWS = /^(?:INSERT INTO|CREATE TABLE [\w.]+ AS\b)[^;]*?^FROM /gm;
