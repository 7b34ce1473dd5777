import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFiles } from './contenders.js';
import { boundOf, durations, jobsWall, planOf, readEvents, type Planned } from './events.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * The sample build-db: plain ordered scripts, over two connections against psql, and against what the plan allows; and the
 * same scripts with hardly any rows and a nap in each bigger statement: their lengths are known, and not a matter of the server.
 */
export async function buildDb(bench: Bench): Promise<readonly Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    return [...(await awake(bench, directory)), ...(await asleep(bench, directory))];
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
  const variables = ['-v', `scale=${scale}`];
  const log = join(directory, 'events.ndjson');
  const args = ['-j', '2', ...variables, SAMPLE];
  const remembering = { ...env, XDG_CACHE_HOME: directory };
  const found: { readonly wall: number; readonly least: number }[] = [];
  const fresh = async (action: () => Promise<unknown>): Promise<number> => {
    await runAll([psql(`${DROP}; CHECKPOINT`, env)]);
    return timed(action);
  };
  await runAll([psql(DROP, env)]);
  const plan = await planOf(args, env);
  const times = await alternate(rounds, {
    pqrun: async () => {
      const took = await fresh(() => runAll([pqrun(['-q', '--events', log, ...args], remembering)]));
      const events = readEvents(log);
      const seconds = durations(events);
      const { least } = boundOf(plan, ({ id }) => seconds.get(id) ?? 0, 2);
      found.push({ wall: jobsWall(events), least });
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
  const [wall, least] = [median(found.map((one) => one.wall)), median(found.map((one) => one.least))];
  const ratio = median(found.map((one) => one.wall / one.least));
  return [
    {
      what: 'build-db, -j 2',
      pqrun: ours,
      other: 'psql -f',
      seconds: theirs,
      ratio: ours / theirs,
      bar: '≤ 0.625',
      met: ours / theirs <= 0.625,
    },
    {
      what: 'build-db, -j 2, from its first job to its last',
      pqrun: wall,
      other: 'max(critical path, work / 2)',
      seconds: least,
      ratio,
      bar: '≤ 1.05',
      met: ratio <= 1.05,
    },
  ];
}

const CONNECTIONS = 8;

async function asleep({ env, rounds, scale }: Bench, directory: string): Promise<readonly Row[]> {
  const build = join(directory, 'asleep');
  const naps = writeNapping(build, scale);
  const log = join(directory, 'naps.ndjson');
  const args = ['-j', String(CONNECTIONS), '-v', 'scale=0.001', build];
  const remembering = { ...env, XDG_CACHE_HOME: directory };
  await runAll([psql(DROP, env)]);
  const plan = await planOf(args, env);
  const napOf = (job: Planned['jobs'][number]): number | undefined =>
    job.statements.map(({ file, line }) => naps.get(`${file}:${line}`)).find((nap) => nap !== undefined);
  const bounds: number[] = [];
  const once = async (): Promise<number> => {
    await runAll([psql(DROP, env)]);
    await runAll([pqrun(['-q', '--events', log, ...args], remembering)]);
    const events = readEvents(log);
    const seconds = durations(events);
    const secondsOf = (job: Planned['jobs'][number]): number => napOf(job) ?? seconds.get(job.id) ?? 0;
    bounds.push(boundOf(plan, secondsOf, CONNECTIONS).least);
    return jobsWall(events);
  };
  // The first run learns how long each job takes; the next ones start the long ones early.
  await once();
  const { pqrun: walls } = await alternate(Math.min(3, rounds), { pqrun: once });
  const [ours, least] = [median(walls), median(bounds)];
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
 * Writes the scripts again with a nap of 600 to 1800 ms in each statement that moves rows. Returns the seconds of these
 * statements by `file:line`.
 */
function writeNapping(directory: string, scale: number): ReadonlyMap<string, number> {
  mkdirSync(directory);
  const naps = new Map<string, number>();
  for (const file of FILES) {
    const path = join(directory, file);
    const text = readFileSync(join(SAMPLE, file), 'utf8');
    const slow = text.replace(MOVES_ROWS, (statement: string, offset: number) => {
      const seconds = ((600 + ((naps.size * 7919) % 1200)) * scale) / 1000;
      const line = text.slice(0, offset).split('\n').length;
      naps.set(`${path}:${line}`, seconds);
      return `${statement}pg_sleep(${seconds}) AS nap, `;
    });
    writeFileSync(path, slow);
  }
  return naps;
}

/** Up to its first FROM at the beginning of a line. */
const MOVES_ROWS = /^(?:INSERT INTO|CREATE TABLE [\w.]+ AS\b)[^;]*?^FROM /gm;
