import { ScriptFile } from './output/script-file.js';
import { ResultCollector, type Hold, type ResultTaker } from './result-taker.js';
import type { Answer } from './statement-query.js';

/** Data of a COPY … TO STDOUT into a file, which is emptied first, as psql does. */
export async function sendInto(path: string, send: (taker: ResultTaker) => Promise<Answer>): Promise<Answer> {
  let file: ScriptFile;
  try {
    file = new ScriptFile(path);
  } catch (error) {
    const message = `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`;
    return { tag: '', rows: 0, results: [], failure: { kind: 'client', message } };
  }
  const answer = await send(new CopyFile(file));
  const failure = file.close();
  return failure === undefined || answer.failure !== undefined ? answer : { ...answer, failure };
}

/** A COPY has no rows but its data. */
class CopyFile extends ResultCollector {
  readonly #file: ScriptFile;

  constructor(file: ScriptFile) {
    super();
    this.#file = file;
  }

  override copy(chunk: Buffer): Hold {
    return this.#file.write(chunk);
  }
}
