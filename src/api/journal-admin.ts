import { JournalReader } from '../db/journal/journal-reader.js';
import { InputError } from '../model/diagnostic.js';
import type { JournalJob, JournalRun } from '../model/journal.js';
import type { RunOptions } from './options.js';
import { ConnectError, findServer } from './server.js';

/**
 * Looks at the journal of a database, or forgets a run of it. Rejects with InputError where there is no journal, no such run, or
 * a pqrun works on the run that is to be forgotten; with ConnectError where there is no connection.
 */
export async function onJournal<T>(
  options: Pick<RunOptions, 'connection' | 'journal'>,
  action: (journal: Journal) => Promise<T>,
): Promise<T> {
  const schema = typeof options.journal === 'string' ? options.journal : 'pqrun';
  const server = await findServer(options, 1);
  const reader = await JournalReader.open(server.value, schema);
  if (!(reader instanceof JournalReader)) throw new ConnectError(reader);
  try {
    if (!(await reader.exists()))
      throw fault(
        `there is no journal in schema ${schema}`,
        'pqrun --journal makes one; one in another schema is named by --journal=SCHEMA',
      );
    return await action(new Journal(reader));
  } finally {
    await reader.close();
  }
}

export class Journal {
  readonly #reader: JournalReader;

  constructor(reader: JournalReader) {
    this.#reader = reader;
  }

  runs(): Promise<readonly JournalRun[]> {
    return this.#reader.runs();
  }

  async jobs(run: string): Promise<readonly JournalJob[]> {
    await this.#find(run);
    return this.#reader.jobs(run);
  }

  async forget(run: string): Promise<void> {
    await this.#find(run);
    if (!(await this.#reader.forget(run)))
      throw fault(`a pqrun works on run "${run}"`, 'wait for its end, or stop it');
  }

  async #find(run: string): Promise<void> {
    const runs = await this.#reader.runs();
    if (runs.some((known) => known.run === run)) return;
    const names = runs.map((known) => `"${known.run}"`).join(', ');
    throw fault(
      `there is no run "${run}" in the journal`,
      names === '' ? 'there are no runs in it' : `there are: ${names}`,
    );
  }
}

function fault(message: string, hint: string): InputError {
  return new InputError([{ severity: 'error', message, hint }]);
}
