import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
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

/** Seconds of each statement, by its place. One that is sent in pieces takes what they take together. */
export function statementSeconds(events: readonly RunEvent[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'statement-finished') continue;
    const key = placeKey(event.place);
    found.set(key, (found.get(key) ?? 0) + event.duration / 1000);
  }
  return found;
}

/** Scripts that are written again elsewhere keep their names and lines. */
export function placeKey({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${basename(file)}:${line}`;
}

/** Seconds of each job of a plan, by those of its statements; jobs that are pieces of one statement share its seconds. */
export function jobSeconds({ jobs }: Planned, seconds: ReadonlyMap<string, number>): readonly number[] {
  const sharing = new Map<string, number>();
  for (const key of jobs.flatMap(({ statements }) => statements.map(placeKey)))
    sharing.set(key, (sharing.get(key) ?? 0) + 1);
  return jobs.map(({ statements }) =>
    statements.map(placeKey).reduce((sum, key) => sum + (seconds.get(key) ?? 0) / (sharing.get(key) ?? 1), 0),
  );
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

/** `seconds`: of each job when it waits for no other. */
export function boundOf({ jobs, edges }: Planned, seconds: readonly number[], connections: number): Bound {
  const before = new Map<number, number[]>();
  for (const { from, to } of edges) before.set(to, [...(before.get(to) ?? []), from]);
  const ends = new Map<number, number>();
  const endOf = (id: number): number => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const start = Math.max(0, ...(before.get(id) ?? []).map(endOf));
    const end = start + (seconds[id] ?? 0);
    ends.set(id, end);
    return end;
  };
  const work = seconds.reduce((sum, one) => sum + one, 0);
  const criticalPath = Math.max(...jobs.map(({ id }) => endOf(id)));
  return { work, criticalPath, least: Math.max(criticalPath, work / connections) };
}
