import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutSeries } from '../../src/plan/pieces.js';
import { backfill } from './backfill.js';
import { buildDb } from './build-db.js';
import { pqrun, psql } from './contenders.js';
import { memory, reading, restore, statements } from './dumps.js';
import { jobsWall, readEvents } from './events.js';
import { pgRestore } from './pg-restore.js';
import { journal } from './journal.js';
import { planning } from './planning.js';
import { queries } from './queries.js';
import { alternate, median, runAll, timed } from './measure.js';
import { chinookLike, tinyScripts } from './small-statements.js';
import type { Row } from './report.js';
import { reports } from './reports.js';

/** What is measured. Every case runs whole processes against one server and compares within one run. */

export interface Bench {
  /** PG* variables of the server. */
  readonly env: Readonly<Record<string, string>>;
  readonly rounds: number;
  /** 1 is the full size. */
  readonly scale: number;
}

export type Case = (bench: Bench) => Promise<readonly Row[]>;

export const CASES: Readonly<Record<string, Case>> = {
  split,
  startup,
  sleepers,
  reading,
  memory,
  restore,
  statements,
  queries,
  reports,
  'build-db': buildDb,
  'chinook-like': chinookLike,
  'tiny-scripts': tinyScripts,
  'pg-restore': pgRestore,
  planning,
  journal,
  backfill,
};

/** One INSERT of many rows, cut into pieces, against the same pieces sent by as many psql processes. */
async function split({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  const rows = Math.round(20_000_000 * scale);
  const insert = (lo: string | number, hi: string | number): string =>
    `INSERT INTO bench_split (value) SELECT random() FROM generate_series(${lo}, ${hi})`;
  const prepare = (): Promise<unknown> =>
    runAll([
      psql('DROP TABLE IF EXISTS bench_split; CREATE TABLE bench_split (value float8); CHECKPOINT', env),
    ]);
  const fresh = async (action: () => Promise<unknown>): Promise<number> => {
    await prepare();
    return timed(action);
  };
  const directive = `-- pqrun: split rows=${rows}\n${insert(':lo', ':hi')}`;
  const result: Row[] = [];
  for (const connections of [2, 4]) {
    const pieces = cutSeries(rows, connections);
    const times = await alternate(rounds, {
      pqrun: () => fresh(() => runAll([pqrun(['-q', '-j', String(connections), '-c', directive], env)])),
      psqls: () => fresh(() => runAll(pieces.map(({ lo, hi }) => psql(insert(lo, hi), env)))),
      psql: () => fresh(() => runAll([psql(insert(1, rows), env)])),
    });
    const [ours, theirs, single] = [median(times.pqrun), median(times.psqls), median(times.psql)];
    const what = `${(rows / 1e6).toFixed(0)} M rows, ${connections} connections`;
    const ratio = ours / theirs;
    result.push({
      what,
      pqrun: ours,
      other: `${connections} psql processes`,
      seconds: theirs,
      ratio,
      bar: '≤ 1.03',
      met: ratio <= 1.03,
    });
    result.push({
      what,
      pqrun: ours,
      other: 'one psql',
      seconds: single,
      ratio: ours / single,
      bar: '< 1',
      met: ours < single,
    });
  }
  return result;
}

/** From the start of the process to the moment the first statement runs on the server, against bare node. */
async function startup({ env, rounds }: Bench): Promise<readonly Row[]> {
  const moment = `SELECT 'at ' || (extract(epoch FROM clock_timestamp()) * 1000)::text AS moment`;
  const times = await alternate(Math.max(15, rounds), {
    pqrun: async () => {
      const began = Date.now();
      const [output = ''] = await runAll([pqrun(['-q', '-c', moment], env)]);
      return (Number(/at ([\d.]+)/.exec(output)?.[1]) - began) / 1000;
    },
    node: () => timed(() => runAll([{ program: process.execPath, args: ['-e', '0'] }])),
  });
  const [ours, node] = [median(times.pqrun), median(times.node)];
  return [
    {
      what: 'start-up to the first statement',
      pqrun: ours,
      other: 'node -e 0',
      seconds: node,
      bar: '≤ +120 ms',
      met: ours - node <= 0.12,
    },
  ];
}

/** A thousand sleeping jobs in a random graph, against the bound that no schedule can beat. */
async function sleepers({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  const connections = 64;
  const { script, work, criticalPath } = sleepingGraph(Math.round(1000 * scale));
  const bound = Math.max(criticalPath, work / connections);
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    const [path, log] = [join(directory, 'sleep.sql'), join(directory, 'events.ndjson')];
    writeFileSync(path, script);
    const args = ['-q', '-j', String(connections), '--order', 'none', '--events', log, path];
    const remembering = { ...env, XDG_CACHE_HOME: directory };
    const walls: number[] = [];
    // The first run learns how long each job takes; the next ones start the long ones early.
    await runAll([pqrun(args, remembering)]);
    for (let round = 0; round < Math.min(3, rounds); round++) {
      await runAll([pqrun(args, remembering)]);
      walls.push(jobsWall(readEvents(log)));
    }
    const ours = median(walls);
    const ratio = ours / bound;
    return [
      {
        what: '1,000 sleeping jobs, 64 connections',
        pqrun: ours,
        other: 'max(critical path, work / 64)',
        seconds: bound,
        ratio,
        bar: '≤ 1.03',
        met: ratio <= 1.03,
      },
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function sleepingGraph(jobs: number): {
  readonly script: string;
  readonly work: number;
  readonly criticalPath: number;
} {
  let state = 12345;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const [texts, ends, seconds] = [[] as string[], [] as number[], [] as number[]];
  for (let job = 0; job < jobs; job++) {
    const duration = (100 + random(1900)) / 1000;
    const before = job < 64 ? [] : Array.from({ length: random(3) }, () => random(job));
    const after = [...new Set(before)].map((other) => `after=j${other}`).join(' ');
    texts.push(`-- pqrun: label=j${job} ${after}\nDO 'BEGIN PERFORM pg_sleep(${duration}); END';`);
    ends.push(Math.max(0, ...before.map((other) => ends[other] ?? 0)) + duration);
    seconds.push(duration);
  }
  return {
    script: texts.join('\n'),
    work: seconds.reduce((sum, one) => sum + one, 0),
    criticalPath: Math.max(...ends),
  };
}
