import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../src/model/event.js';
import type { DebianServer } from '../debian-server.js';
import { ask } from './ask.js';
import { Proxy } from './proxy.js';
import { work, type Work } from './work.js';

/**
 * Runs that are hurt: until all is done pqrun is started again and again, while sessions are ended, connections cut, frozen, and
 * torn, the server crashes and restarts, and pqrun itself is killed, each at a random instant. Then every key is counted.
 */
export interface Campaign {
  readonly server: DebianServer;
  readonly directory: string;
  readonly jobs: number;
  /** From 0 to 1. */
  readonly random: () => number;
  /** With --journal every key must be there once; without, none twice, and what is missing must be told of. */
  readonly journal: boolean;
  /** Milliseconds between two faults, on the average. */
  readonly every: number;
}

export interface Report {
  readonly faults: Readonly<Record<string, number>>;
  /** How often pqrun was started. */
  readonly starts: number;
  /** What is wrong: nothing. */
  readonly wrong: readonly string[];
}

export async function hurt(campaign: Campaign): Promise<Report> {
  const { server, directory, jobs } = campaign;
  const name = `faults_${Math.floor(campaign.random() * 1e9)}`;
  await admin(server, 'postgres', `CREATE DATABASE ${name}`);
  const proxy = await Proxy.open(server);
  try {
    const made = work(jobs);
    const input = join(directory, name);
    write(input, made);
    await admin(server, name, made.setup);
    const faults: Record<string, number> = {};
    const told = await runUntilDone(campaign, { name, input, proxy, faults });
    const wrong = await count(campaign, { name, made, told });
    return { faults, starts: told.starts, wrong };
  } finally {
    await proxy.close();
    await patiently(() => admin(server, 'postgres', `DROP DATABASE ${name} WITH (FORCE)`));
  }
}

interface Place {
  readonly name: string;
  readonly input: string;
  readonly proxy: Proxy;
  readonly faults: Record<string, number>;
}

interface Told {
  readonly starts: number;
  /** Keys, by the statements that failed or were skipped, as far as the events tell. */
  readonly events: readonly RunEvent[];
  readonly complaints: readonly string[];
  /** Of the last. */
  readonly status: number | null;
}

async function runUntilDone(campaign: Campaign, place: Place): Promise<Told> {
  const complaints: string[] = [];
  for (let starts = 1; ; starts++) {
    const events = join(place.input, `../${place.name}.${starts}.ndjson`);
    const pqrun = start(campaign, { ...place, events });
    const ended = once(pqrun, 'close');
    let stderr = '';
    pqrun.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const stop = new AbortController();
    // Ever more rarely: on a slow machine, too, it must come to an end.
    const every = campaign.every * (1 + starts / 10);
    const hurting = hurtWhile({ ...campaign, every }, { ...place, pqrun, signal: stop.signal });
    const isStuck = (await Promise.race([ended, sleep(LONGEST_RUN)])) === undefined;
    if (isStuck) complaints.push(`stuck: ${stderr}`);
    if (isStuck) pqrun.kill('SIGKILL');
    await ended;
    stop.abort();
    await hurting;
    const { exitCode } = pqrun;
    if (exitCode === 70 || stderr.includes('bug')) complaints.push(stderr);
    if (exitCode === 0 || !campaign.journal) {
      const lines = readFileSync(events, 'utf8').trimEnd().split('\n');
      return { starts, complaints, status: exitCode, events: lines.flatMap(parsed) };
    }
    if (starts === MOST_STARTS)
      return { starts, events: [], status: exitCode, complaints: [...complaints, `never done: ${stderr}`] };
  }
}

function start(
  { server, journal }: Campaign,
  { name, input, proxy, events }: Place & { readonly events: string },
): ChildProcess {
  const args = [
    PROGRAM,
    input,
    '-j',
    '4',
    '--events',
    events,
    '--no-history',
    ...(journal ? ['--journal', '--run', 'hurt'] : ['-k']),
  ];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      ...server.env,
      PGDATABASE: name,
      PGPORT: String(proxy.port),
      PGSSLMODE: 'disable',
    },
  });
}

async function hurtWhile(
  campaign: Campaign,
  place: Place & { readonly pqrun: ChildProcess; readonly signal: AbortSignal },
): Promise<void> {
  const { random, every } = campaign;
  for (;;) {
    // Instants of a Poisson process.
    await sleep(-Math.log(1 - random()) * every);
    if (place.signal.aborted) return;
    const kinds = Object.keys(FAULTS).filter((kind) => campaign.journal || !kind.startsWith('pqrun'));
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'terminate';
    await Promise.race([FAULTS[kind]?.(campaign, place).catch(() => undefined), sleep(LONGEST_FAULT)]);
    place.faults[kind] = (place.faults[kind] ?? 0) + 1;
  }
}

type Hurt = (campaign: Campaign, place: Place & { readonly pqrun: ChildProcess }) => Promise<void>;

const FAULTS: Readonly<Record<string, Hurt>> = {
  terminate: ({ server }, { name }) => admin(server, 'postgres', oneOf(name, 'pg_terminate_backend(pid)')),
  'terminate all': ({ server }, { name }) =>
    admin(
      server,
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
    ),
  cut: now(({ random }, { proxy }) => proxy.cut(random, 'one', 'both')),
  'cut all': now(({ random }, { proxy }) => proxy.cut(random, 'all', 'both')),
  'near end cut': now(({ random }, { proxy }) => proxy.cut(random, 'one', 'near')),
  'far end cut': now(({ random }, { proxy }) => proxy.cut(random, 'one', 'far')),
  freeze: now(({ random }, { proxy }) => proxy.freeze(50 + 500 * random())),
  'backend crash': async ({ server }, { name }) => {
    const rows = await ask(server, 'postgres', oneOf(name, 'pid'));
    const pid = Number(rows[0]?.pid ?? 0);
    if (pid > 0) process.kill(pid, 'SIGKILL');
  },
  'server crash': ({ server }) => server.restart('immediate'),
  'server restart': ({ server }) => server.restart('fast'),
  'pqrun killed': now((_, { pqrun }) => pqrun.kill('SIGKILL')),
  'pqrun interrupted': now((_, { pqrun }) => pqrun.kill('SIGINT')),
};

function now(act: (campaign: Campaign, place: Parameters<Hurt>[1]) => unknown): Hurt {
  return (campaign, place) => {
    act(campaign, place);
    return Promise.resolve();
  };
}

function oneOf(database: string, what: string): string {
  return `SELECT ${what} FROM (SELECT pid FROM pg_stat_activity WHERE datname = '${database}' AND application_name LIKE 'pqrun%' ORDER BY random() LIMIT 1) AS a`;
}

/** What is there of each key. */
async function count(
  { server, journal }: Campaign,
  { name, made, told }: { readonly name: string; readonly made: Work; readonly told: Told },
): Promise<readonly string[]> {
  const rows = await patiently(() =>
    ask(server, name, 'SELECT key, count(*)::int AS n FROM effect GROUP BY key ORDER BY key'),
  );
  const counts = new Map(rows.map(({ key, n }) => [Number(key), Number(n)]));
  const wrong = [...told.complaints];
  const ends = told.events.flatMap((event) => (event.type === 'run-finished' ? event.status : []));
  const described = `${journal ? 'with a journal' : 'without'}, ${told.starts} starts, ${name}, ended ${ends.join()} with status ${told.status ?? 'none'}`;
  const twice = [...counts].filter(([, n]) => n > 1).map(([key]) => key);
  if (twice.length > 0) wrong.push(`more than once (${described}): ${twice.join(', ')}`);
  const missing = Array.from({ length: made.keys }, (_, index) => index + 1).filter(
    (key) => !counts.has(key),
  );
  // 2: no connection, and nothing was run.
  const isTold =
    (told.status === 2 && counts.size === 0) ||
    ends.includes('failed') ||
    told.events.some(({ type }) => type === 'job-failed' || type === 'job-skipped');
  if (missing.length > 0 && (journal || !isTold)) wrong.push(`missing (${described}): ${missing.join(', ')}`);
  return wrong;
}

async function admin(server: DebianServer, database: string, sql: string): Promise<void> {
  await ask(server, database, sql);
}

/** The server may be recovering. */
async function patiently<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await action();
    } catch (error) {
      if (tries === 100) throw error;
      await sleep(100);
    }
  }
}

function write(input: string, { files }: Work): void {
  rmSync(input, { recursive: true, force: true });
  mkdirSync(input, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(input, file), text);
}

/** The last line may be half written. */
function parsed(line: string): readonly RunEvent[] {
  try {
    // The program's own events, one a line.
    return [JSON.parse(line) as RunEvent];
  } catch {
    return [];
  }
}

const PROGRAM = resolve(import.meta.dirname, '../../bin/pqrun.js');
const MOST_STARTS = 40;
const LONGEST_FAULT = 10_000;
/** Retries take half a minute. */
const LONGEST_RUN = 90_000;
