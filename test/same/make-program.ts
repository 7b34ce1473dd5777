import type pg from 'pg';
import { Random } from '../oracle/random.js';
import { readCatalog, type Catalog } from './programs/catalog.js';
import { Choice, FAMILY_NAMES } from './programs/families.js';
import { NEXT, type Maker } from './programs/maker.js';
import { Scene, type Traits } from './programs/scene.js';
import { parseEntry, type Entry, type Program } from './program.js';
import { send, sendText, type Scratch } from './scratch.js';

/**
 * Makes a program by running it: each statement is made of what there is by then, tried, and kept if it did not fail. So
 * programs are valid as they stand, and the same seed gives the same program on the same server.
 */
export interface MadeProgram {
  readonly program: Program;
  /** Statements that failed and were left out. */
  readonly dropped: number;
  readonly messages: readonly string[];
}

export async function makeProgram(scratch: Scratch, seed: number): Promise<MadeProgram> {
  const random = new Random(seed);
  const guards = new Random(seed + 1);
  return scratch.within(async (database) => {
    const files: (readonly Entry[])[] = [];
    const messages: string[] = [];
    const traits = { triggersOfInserts: random.chance(0.5), hasTemporary: false };
    const favoured = [random.pick(FAMILY_NAMES), random.pick(FAMILY_NAMES), random.pick(FAMILY_NAMES)];
    const fileCount = random.between(1, 4);
    const size = random.between(8, 40);
    for (let file = 0; file < fileCount; file++) {
      const own = { ...traits, hasTemporary: random.chance(0.12) };
      const choice = new Choice(favoured, own.hasTemporary);
      const entries = await scratch.session(database, async (client) => {
        const writer = new FileWriter(random, { client, choice, guards, traits: own });
        await writer.write(Math.ceil(size / fileCount));
        messages.push(...writer.messages);
        return writer.entries;
      });
      files.push(entries);
    }
    return { program: { files }, dropped: messages.length, messages };
  });
}

interface FileSurroundings {
  readonly client: pg.Client;
  readonly choice: Choice;
  /** Says which definitions are guarded, so that the others of a seed stay as they are. */
  readonly guards: Random;
  readonly traits: Traits;
}

class FileWriter {
  readonly entries: Entry[] = [];
  readonly messages: string[] = [];
  readonly #random: Random;
  readonly #around: FileSurroundings;
  #catalog: Catalog | undefined;
  /** Entries before the block that is open. */
  #blockAt: number | undefined;
  #savepoint = false;

  constructor(random: Random, around: FileSurroundings) {
    this.#random = random;
    this.#around = around;
  }

  async write(size: number): Promise<void> {
    for (let left = size; left > 0; left--) {
      await this.#moveBlock();
      await this.#writeOne();
    }
    await this.#endBlock();
  }

  async #writeOne(): Promise<void> {
    const { client, choice, guards, traits } = this.#around;
    this.#catalog ??= await readCatalog(client);
    const scene = new Scene(this.#random, this.#catalog, { traits, inBlock: this.#blockAt !== undefined });
    const { text, maker } = choice.make(scene);
    for (const one of text.split(NEXT)) await this.#keep(guarded(one, guards), maker);
  }

  async #keep(text: string, { changes }: Maker): Promise<void> {
    const entry = parseEntry(text);
    const failure = await this.#try(entry);
    if (failure !== undefined) {
      this.messages.push(`${failure} <- ${text}`);
      return;
    }
    this.entries.push(entry);
    if (changes !== 'rows') this.#catalog = undefined;
  }

  /** In a block a failed statement must not take the others with it. */
  async #try(entry: Entry): Promise<string | undefined> {
    const { client } = this.#around;
    if (this.#blockAt === undefined) return send(client, entry);
    await sendText(client, 'SAVEPOINT same_try');
    const failure = await send(client, entry);
    if (failure !== undefined) await sendText(client, 'ROLLBACK TO same_try');
    await sendText(client, 'RELEASE same_try');
    return failure;
  }

  async #moveBlock(): Promise<void> {
    if (this.#blockAt === undefined) {
      if (this.#random.chance(0.08)) await this.#beginBlock();
      return;
    }
    if (this.#random.chance(0.2)) await this.#endBlock();
    else if (this.#savepoint && this.#random.chance(0.3)) {
      await this.#say(this.#random.pick(['ROLLBACK TO sp1;', 'RELEASE sp1;']));
      this.#savepoint = false;
    } else if (!this.#savepoint && this.#random.chance(0.15)) {
      await this.#say('SAVEPOINT sp1;');
      this.#savepoint = true;
    }
  }

  async #beginBlock(): Promise<void> {
    this.#blockAt = this.entries.length;
    await this.#say(
      this.#random.pick(['BEGIN;', 'BEGIN;', 'START TRANSACTION ISOLATION LEVEL REPEATABLE READ;']),
    );
  }

  /** A block whose COMMIT fails (deferred constraints) is left out as a whole. */
  async #endBlock(): Promise<void> {
    if (this.#blockAt === undefined) return;
    const failure = await this.#say(this.#random.chance(0.15) ? 'ROLLBACK;' : 'COMMIT;');
    if (failure !== undefined) this.entries.splice(this.#blockAt);
    this.#blockAt = undefined;
    this.#savepoint = false;
  }

  async #say(text: string): Promise<string | undefined> {
    const failure = await sendText(this.#around.client, text);
    if (failure === undefined) this.entries.push({ text });
    else this.messages.push(`${failure} <- ${text}`);
    this.#catalog = undefined;
    return failure;
  }
}

/** Now and then a definition stands in a DO block, as in scripts that can be run again. */
function guarded(text: string, random: Random): string {
  if (
    !/^(?:CREATE|ALTER|DROP|GRANT|COMMENT)\b(?!.*\b(?:CONCURRENTLY|DATABASE|SYSTEM)\b)/is.test(text) ||
    !random.chance(0.07)
  )
    return text;
  const [statement = text] = text.split(/;\s*$/);
  return random.chance(0.5)
    ? `DO $guard$ BEGIN ${statement}; EXCEPTION WHEN duplicate_object OR duplicate_table THEN NULL; END $guard$;`
    : `DO $guard$ BEGIN IF ${random.chance(0.8)} THEN ${statement}; END IF; END $guard$;`;
}
