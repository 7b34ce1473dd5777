import { closeSync, openSync, writeSync } from 'node:fs';
import type { Answer } from './statement-query.js';

/** Data of a COPY … TO STDOUT into a file, which is emptied first, as psql does. */
export async function sendInto(
  path: string,
  send: (output: (chunk: Buffer) => void) => Promise<Answer>,
): Promise<Answer> {
  try {
    const file = openSync(path, 'w');
    try {
      return await send((chunk) => writeSync(file, chunk));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const message = `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
    return { tag: '', rows: 0, results: [], failure: { kind: 'client', message } };
  }
}
