import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { RunEvent } from '../../src/model/event.js';
import type { Bench } from './cases.js';
import { pqrun, psql } from './contenders.js';
import { alternate, median, runAll, timed } from './measure.js';
import type { Row } from './report.js';

/**
 * Twenty reports of the sample, two at a time: the server's own workers shared out by pqrun, against none for anybody, and
 * two for everybody. The last report takes the longest. Once in the written order, and once as pqrun has learnt it.
 */
export async function reports(bench: Bench): Promise<readonly Row[]> {
  const { env, scale } = bench;
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-bench-'));
  try {
    const sales = `sales=${Math.round(1_500_000 * scale)}`;
    const made = ['01-schema', '02-load', '03-index'].map((name) => join(SAMPLE, `${name}.sql`));
    await runAll([pqrun(['-q', '-j', '2', '-v', sales, ...made], env)]);
    return [
      ...(await compare(bench, { directory, learns: false })),
      ...(await compare(bench, { directory, learns: true })),
    ];
  } finally {
    await runAll([psql('DROP SCHEMA IF EXISTS star CASCADE', env)]);
    rmSync(directory, { recursive: true });
  }
}

const SAMPLE = resolve(import.meta.dirname, '../../sql-samples/reports');
const LONGEST = '20-bought-together.sql';

const CONTENDERS = {
  budget: [],
  none: ['--set', 'max_parallel_workers_per_gather=0'],
  two: ['--set', 'max_parallel_workers_per_gather=2'],
} as const;
type Contender = keyof typeof CONTENDERS;

async function compare(
  { env, rounds }: Bench,
  { directory, learns }: { readonly directory: string; readonly learns: boolean },
): Promise<readonly Row[]> {
  const outputs = new Set<string>();
  const tails: Record<Contender, number[]> = { budget: [], none: [], two: [] };
  const once = async (name: Contender): Promise<number> => {
    const cache = join(directory, name);
    mkdirSync(cache, { recursive: true });
    const log = join(cache, 'events.ndjson');
    const own = [...CONTENDERS[name], ...(learns ? [] : ['--no-history']), '--events', log];
    const args = ['-q', '--order', 'none', '-j', '2', ...own, join(SAMPLE, 'reports')];
    const took = await timed(async () => {
      for (const output of await runAll([pqrun(args, { ...env, XDG_CACHE_HOME: cache })]))
        outputs.add(output);
    });
    tails[name].push(durationOf(LONGEST, readFileSync(log, 'utf8')));
    return took;
  };
  const contenders = { budget: () => once('budget'), none: () => once('none'), two: () => once('two') };
  if (learns) await alternate(1, contenders);
  for (const tail of Object.values(tails)) tail.length = 0;
  const times = await alternate(rounds, contenders);
  if (outputs.size !== 1) throw new Error('the results differ');
  const what = learns ? '20 reports, -j 2, durations known' : '20 reports, -j 2';
  const ours = median(times.budget);
  return [
    rowOf(what, { ours, other: 'no workers', seconds: median(times.none), bar: '≤ 1' }),
    rowOf(what, { ours, other: '2 workers each', seconds: median(times.two), bar: '≤ 1' }),
    rowOf(`the longest of them${learns ? ', durations known' : ''}`, {
      ours: median(tails.budget),
      other: 'no workers',
      seconds: median(tails.none),
      bar: '< 1',
    }),
  ];
}

function rowOf(
  what: string,
  found: { readonly ours: number; readonly other: string; readonly seconds: number; readonly bar: string },
): Row {
  const { ours, other, seconds, bar } = found;
  const ratio = ours / seconds;
  return { what, pqrun: ours, other, seconds, ratio, bar, met: ratio <= 1 };
}

/** Seconds of the job of that file. */
function durationOf(file: string, log: string): number {
  const events = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  const ends = events.flatMap((event) =>
    event.type === 'job-finished' && event.name.includes(file) ? [event.duration / 1000] : [],
  );
  return ends.reduce((sum, seconds) => sum + seconds, 0);
}
