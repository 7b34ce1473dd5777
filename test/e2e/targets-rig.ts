import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDatabase } from '../database.js';
import type { Workplace } from './pqrun.js';

/** Schemas that stand in for databases: each has a table of three rows, which tell where they are. */

export const NAMES = ['a', 'b', 'c'] as const;

export async function makeTargets(database: TestDatabase, names: readonly string[] = NAMES): Promise<void> {
  const text = names.map(
    (name) =>
      `CREATE SCHEMA "${name}";
       CREATE TABLE "${name}".t (id int, v text);
       INSERT INTO "${name}".t SELECT i, '${name}' || i FROM generate_series(1, 3) AS i`,
  );
  await database.query(text.join(';'));
}

export function dsnOf(database: TestDatabase, schema: string): string {
  return `${database.url}?options=-csearch_path%3D${schema}`;
}

export function targetArgs(database: TestDatabase, names: readonly string[] = NAMES): readonly string[] {
  return names.flatMap((name) => ['--target', `${name}=${dsnOf(database, name)}`]);
}

export interface Told {
  readonly type: string;
  readonly target?: string;
  readonly connection?: number;
}

/** The events of a run that was given `--events events.ndjson`. */
export function eventsOf(work: Workplace): readonly Told[] {
  const text = readFileSync(join(work.directory, 'events.ndjson'), 'utf8');
  // What the program writes: one event a line.
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
}

/** The most connections that were there at one moment. */
export function mostConnections(events: readonly Told[]): number {
  const open = new Set<number>();
  let most = 0;
  for (const { type, connection } of events) {
    if (connection === undefined) continue;
    if (type === 'connection-opened') open.add(connection);
    if (type === 'connection-closed' || type === 'connection-lost') open.delete(connection);
    most = Math.max(most, open.size);
  }
  return most;
}
