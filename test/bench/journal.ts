import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './cases.js';
import { pqrun, psql } from './contenders.js';
import { inDirectory } from './dumps.js';
import { onDurableServer } from './durable.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/** What a journal costs: many jobs of one row each, with and without it; commits reach the disk. */
export async function journal({ rounds, scale }: Bench): Promise<readonly Row[]> {
  const jobs = Math.round(10_000 * scale);
  const numbers = Array.from({ length: jobs }, (_, index) => index + 1);
  return inDirectory(async (directory) =>
    onDurableServer(async (env) => {
      const rows: Row[] = [];
      for (const { what, text, args } of SHAPES) {
        const path = join(directory, 'rows.sql');
        writeFileSync(path, text(numbers));
        const run = async (more: readonly string[]): Promise<number> => {
          await runAll([psql(RESET, env)]);
          return timed(() => runAll([pqrun(['-q', ...args, ...more, path], env)]));
        };
        const times = await alternate(rounds, {
          with: () => run(['--journal']),
          without: () => run([]),
        });
        const [own, other] = [median(times.with), median(times.without)];
        rows.push({
          what: `${jobs.toLocaleString('en')} ${what}, with --journal`,
          pqrun: own,
          other: 'without',
          seconds: other,
          ratio: own / other,
          bar: '≤ 1.15',
          met: own / other <= 1.15,
        });
      }
      return rows;
    }),
  );
}

const RESET =
  'DROP SCHEMA IF EXISTS pqrun CASCADE; DROP TABLE IF EXISTS bench_journal; CREATE TABLE bench_journal (n int); CHECKPOINT';

interface Shape {
  readonly what: string;
  readonly text: (numbers: readonly number[]) => string;
  readonly args: readonly string[];
}

const inserts = (numbers: readonly number[]): string =>
  numbers.map((n) => `INSERT INTO bench_journal VALUES (${n});\n`).join('');

const SHAPES: readonly Shape[] = [
  { what: 'INSERTs of one row in a script', text: inserts, args: [] },
  { what: 'of them, each a job', text: inserts, args: ['--order', 'none'] },
  {
    what: 'records of a list, each a job',
    text: (numbers) =>
      `-- pqrun: split values=${numbers.join(',')} bind\nINSERT INTO bench_journal VALUES ($1);\n`,
    args: [],
  },
  {
    what: 'pieces of one row',
    text: ({ length }) => `-- pqrun: split rows=${length} size=1\nINSERT INTO bench_journal SELECT :lo;\n`,
    args: [],
  },
];
