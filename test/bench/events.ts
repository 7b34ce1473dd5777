import { readFileSync } from 'node:fs';
import type { RunEvent } from '../../src/model/event.js';
import { pqrun } from './contenders.js';
import { runAll } from './measure.js';

/** What a run has told (`--events`) beside what was planned: how long it took, and how long it had to take. */

export function readEvents(path: string): readonly RunEvent[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

/** Seconds from the first job's start to the last one's end. */
export function jobsWall(events: readonly RunEvent[]): number {
  const starts = events.flatMap((event) => (event.type === 'job-started' ? [event.at] : []));
  const ends = events.flatMap((event) => (event.type === 'job-finished' ? [event.at] : []));
  return (Math.max(...ends) - Math.min(...starts)) / 1000;
}

/** Seconds of each job, by id. */
export function durations(events: readonly RunEvent[]): ReadonlyMap<number, number> {
  const found = events.flatMap((event): readonly [number, number][] =>
    event.type === 'job-finished' ? [[event.job, event.duration / 1000]] : [],
  );
  return new Map(found);
}

/** What `pqrun plan --format json` prints, as far as it is needed here. */
export interface Planned {
  readonly jobs: readonly {
    readonly id: number;
    readonly statements: readonly { readonly file: string; readonly line: number }[];
  }[];
  readonly edges: readonly { readonly from: number; readonly to: number }[];
}

export async function planOf(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Planned> {
  const [output = ''] = await runAll([pqrun(['plan', '--format', 'json', ...args], env)]);
  return JSON.parse(output) as Planned;
}

export interface Bound {
  /** Seconds that all jobs take together. */
  readonly work: number;
  readonly criticalPath: number;
  /** Seconds that no schedule over so many connections can beat. */
  readonly least: number;
}

export function boundOf(
  { jobs, edges }: Planned,
  secondsOf: (job: Planned['jobs'][number]) => number,
  connections: number,
): Bound {
  const before = new Map<number, number[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const ends = new Map<number, number>();
  const endOf = (id: number): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const job = jobs[id];
    const start = Math.max(0, ...(before.get(id) ?? []).map(endOf));
    const end = start + (job === undefined ? 0 : secondsOf(job));
    ends.set(id, end);
    return end;
  };
  const work = jobs.reduce((sum, job) => sum + secondsOf(job), 0);
  const criticalPath = Math.max(...jobs.map(({ id }) => endOf(id)));
  return { work, criticalPath, least: Math.max(criticalPath, work / connections) };
}
