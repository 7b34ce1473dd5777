import { closeSync, openSync, writeSync } from 'node:fs';
import { ResultCollector, type Hold, type ResultTaker } from './result-taker.js';
import type { Answer } from './statement-query.js';

/** Data of a COPY … TO STDOUT into a file, which is emptied first, as psql does. */
export async function sendInto(path: string, send: (taker: ResultTaker) => Promise<Answer>): Promise<Answer> {
  try {
    const file = openSync(path, 'w');
    try {
      return await send(new CopyFile(file));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const message = `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
    return { tag: '', rows: 0, results: [], failure: { kind: 'client', message } };
  }
}

/** A COPY has no rows but its data. */
class CopyFile extends ResultCollector {
  readonly #file: number;

  constructor(file: number) {
    super();
    this.#file = file;
  }

  override copy(chunk: Buffer): Hold {
    writeSync(this.#file, chunk);
    return undefined;
  }
}
