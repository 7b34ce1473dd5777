import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadParser } from '../../src/script/syntax.js';
import { DEFAULT_READING, readScripts } from '../../src/script/read.js';
import type { Bench } from './cases.js';
import { pqrun, psql, psqlFile } from './contenders.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/** Dumps and long scripts: how fast they are read, how much memory that takes, and how fast they run. */

const RESET = 'DROP TABLE IF EXISTS bench_big, bench_small; CHECKPOINT';
const MEGABYTE = 1024 * 1024;

/** A dump of one table of so many megabytes, as pg_dump writes it. Returns its size in bytes. */
function writeDump(path: string, megabytes: number): number {
  const file = openSync(path, 'w');
  writeSync(
    file,
    "SET client_encoding = 'UTF8';\nSELECT pg_catalog.set_config('search_path', '', false);\n\n",
  );
  writeSync(
    file,
    'CREATE TABLE public.bench_big (\n    id bigint NOT NULL,\n    a integer,\n    note text,\n    at timestamp without time zone\n);\n\n',
  );
  writeSync(file, 'COPY public.bench_big (id, a, note, at) FROM stdin;\n');
  for (let written = 0, id = 0; written < megabytes * MEGABYTE;) {
    const rows = Array.from({ length: 10_000 }, (_, index) => rowText(id + index));
    id += rows.length;
    written += writeSync(file, rows.join(''));
  }
  writeSync(
    file,
    '\\.\n\n\nALTER TABLE ONLY public.bench_big\n    ADD CONSTRAINT bench_big_pkey PRIMARY KEY (id);\n',
  );
  closeSync(file);
  return statSync(path).size;
}

function rowText(id: number): string {
  return `${id}\t${(id * 7) % 1000}\tsome note, number ${id}, with \\\\ and more\t2024-01-01 00:00:${String(id % 60).padStart(2, '0')}\n`;
}

/** Reading alone: from a file that is in the system's cache to the statements, in this process. */
export async function reading({ rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) => {
    const path = join(directory, 'dump.sql');
    const bytes = writeDump(path, Math.round(1024 * scale));
    await loadParser();
    const read = (): Promise<number> => timed(() => readScripts([{ name: path }], DEFAULT_READING));
    const { pqrun: times } = await alternate(rounds, { pqrun: read });
    const ours = median(times);
    const bar = bytes / (400 * 1e6);
    const what = `reading a dump of ${(bytes / 1e9).toFixed(2)} GB (${(bytes / 1e6 / ours).toFixed(0)} MB/s)`;
    return [
      { what, pqrun: ours, other: '400 MB/s', seconds: bar, ratio: ours / bar, bar: '≤ 1', met: ours <= bar },
    ];
  });
}

/** A dump of 2 GB is restored with less than 300 MB of memory. */
export async function memory({ env, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) => {
    const [path, hook, told] = ['dump.sql', 'hook.cjs', 'told'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    writeDump(path, Math.round(2048 * scale));
    writeFileSync(
      hook,
      `process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(told)}, String(process.resourceUsage().maxRSS)));`,
    );
    await runAll([psql(RESET, env)]);
    // Threads are part of the process; only its own main thread writes.
    const watched = { ...env, NODE_OPTIONS: `--require ${hook}` };
    await runAll([pqrun(['-q', '-j', '4', path], watched)]);
    const megabytes = Number(readFileSync(told, 'utf8')) / 1024;
    await runAll([psql(RESET, env)]);
    return [
      {
        what: 'most memory while restoring a dump of 2 GB, 4 connections',
        pqrun: megabytes,
        other: 'the cap',
        seconds: 300,
        ratio: megabytes / 300,
        unit: 'MB',
        bar: '≤ 1',
        met: megabytes <= 300,
      },
    ];
  });
}

/** One table's dump, over one connection and over two, against psql. */
export async function restore({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) => {
    const path = join(directory, 'dump.sql');
    const bytes = writeDump(path, Math.round(250 * scale));
    const fresh = async (command: Parameters<typeof runAll>[0][number]): Promise<number> => {
      await runAll([psql(RESET, env)]);
      return timed(() => runAll([command]));
    };
    const times = await alternate(rounds, {
      one: () => fresh(pqrun(['-q', '-j', '1', path], env)),
      two: () => fresh(pqrun(['-q', '-j', '2', path], env)),
      psql: () => fresh(psqlFile(path, env)),
    });
    const other = median(times.psql);
    const what = `restoring a dump of ${(bytes / 1e6).toFixed(0)} MB, one table`;
    return (['one', 'two'] as const).map((name) =>
      row(`${what}, ${name === 'one' ? '1 connection' : '2 connections'}`, median(times[name]), other),
    );
  });
}

/** Twenty thousand small statements that commit one by one. */
export async function statements({ env, rounds, scale }: Bench): Promise<readonly Row[]> {
  return inDirectory(async (directory) => {
    const path = join(directory, 'inserts.sql');
    const count = Math.round(20_000 * scale);
    const inserts = Array.from(
      { length: count },
      (_, id) => `INSERT INTO bench_small VALUES (${id}, 'it''s number ${id};');\n`,
    );
    writeFileSync(path, `CREATE TABLE bench_small (id int, note text);\n${inserts.join('')}`);
    const fresh = async (command: Parameters<typeof runAll>[0][number]): Promise<number> => {
      await runAll([psql(RESET, env)]);
      return timed(() => runAll([command]));
    };
    const times = await alternate(rounds, {
      ours: () => fresh(pqrun(['-q', '-j', '1', path], env)),
      psql: () => fresh(psqlFile(path, env)),
      plan: () => timed(() => runAll([pqrun(['plan', path], env)])),
    });
    const plan = median(times.plan);
    return [
      row(
        `${count.toLocaleString('en')} INSERTs that commit one by one`,
        median(times.ours),
        median(times.psql),
      ),
      {
        what: 'the same, read and planned (whole process)',
        pqrun: plan,
        other: 'the bar',
        seconds: 2,
        ratio: plan / 2,
        bar: '≤ 1',
        met: plan <= 2,
      },
    ];
  });
}

function row(what: string, ours: number, theirs: number): Row {
  const ratio = ours / theirs;
  return { what, pqrun: ours, other: 'psql -f', seconds: theirs, ratio, bar: '≤ 1', met: ratio <= 1 };
}

/** In a temporary directory, which is gone afterwards. */
export async function inDirectory<T>(action: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    return await action(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
