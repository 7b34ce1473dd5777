import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../../src/model/event.js';
import type { Workplace } from './pqrun.js';

/** What `--events` has written. */
export function eventsOf(work: Workplace, name: string): readonly RunEvent[] {
  const lines = readFileSync(join(work.directory, name), 'utf8').trimEnd().split('\n');
  // The program's own events, one a line.
  return lines.map((line) => JSON.parse(line) as RunEvent);
}
