import { WalkReader } from '../db/walk/walk-reader.js';
import type { TableFacts } from '../db/walk/walk-facts.js';
import type { Asked } from './record-asker.js';
import { ConnectError } from './server.js';

/**
 * Connections over which the tables of splits are looked at: opened when they are needed, one a target. What was looked at for the
 * plan need not be looked at again by splits that begin at once, over the same connection.
 */
export class WalkReaders {
  readonly #targets: () => Promise<readonly Asked[]>;
  readonly #readers = new Map<number, Promise<WalkReader>>();
  /** Of a connection one makes use at a time: what it SETs would be in the other's way. */
  #turn: Promise<unknown> = Promise.resolve();
  /** By the ids of the splits (plan/walked.ts). */
  readonly #facts = new Map<string, TableFacts>();

  constructor(targets: () => Promise<readonly Asked[]>) {
    this.#targets = targets;
  }

  /** Rejects with ConnectError, or as `look` does. */
  use<T>(target: number, look: (reader: WalkReader) => Promise<T>): Promise<T> {
    const looked = this.#turn.then(async () => {
      const reader = this.#readers.get(target) ?? this.#open(target);
      this.#readers.set(target, reader);
      return look(await reader);
    });
    this.#turn = looked.catch(() => undefined);
    return looked;
  }

  /** Over a new connection. */
  async useNew<T>(target: number, look: (reader: WalkReader) => Promise<T>): Promise<T> {
    const reader = await this.#open(target);
    try {
      return await look(reader);
    } finally {
      await reader.close();
    }
  }

  remember(id: string, facts: TableFacts): void {
    this.#facts.set(id, facts);
  }

  /** What was found for the plan; undefined: it is to be looked at, or again. */
  factsOf(id: string): TableFacts | undefined {
    return this.#facts.get(id);
  }

  /** Nothing is remembered any more, and no connection kept; what comes is looked at anew. */
  async forget(): Promise<void> {
    await this.#turn;
    const readers = [...this.#readers.values()];
    this.#readers.clear();
    this.#facts.clear();
    await Promise.allSettled(readers.map(async (reader) => (await reader).close()));
  }

  async #open(target: number): Promise<WalkReader> {
    const asked = (await this.#targets())[target];
    if (asked === undefined) throw new RangeError(`there is no target ${target}`);
    const { settings, serverSettings } = asked;
    const opened = await WalkReader.open(settings, serverSettings);
    if (opened.ok) return opened.reader;
    const needsPassword = opened.needsPassword && settings.mayPrompt;
    throw new ConnectError(opened.failure, { needsPassword });
  }
}
