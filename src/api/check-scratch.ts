import { randomBytes } from 'node:crypto';
import { openClient, type Opened } from '../db/open.js';
import type { ConnectionSettings } from '../db/settings/settings.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import { quoteIdentifier } from '../script/variables.js';
import type { RunOptions } from './options.js';
import { ConnectError, findServer, type Server } from './server.js';

/**
 * Where builds that are compared are made: each in a database of its own, on the server that the options lead to; or each on a
 * throw-away server of its own, so that roles and other things that belong to a whole server are built anew, too.
 */
export interface Scratches {
  /** Rejects with ConnectError or InputError. */
  make(): Promise<Scratch>;
  /** Roles, tablespaces and databases of one build are there in the next. */
  readonly isShared: boolean;
  /** Drops what was made, except what is kept. Returns what a user should know. */
  close(): Promise<readonly Diagnostic[]>;
  /** Databases that are there now. */
  names(): readonly string[];
}

/** An empty database. */
export interface Scratch {
  /** For people. */
  readonly name: string;
  readonly server: Server;
  drop(): Promise<void>;
}

export interface ScratchOptions {
  readonly connections: number;
  /** The database that others are copies of; undefined: template1. */
  readonly template: string | undefined;
  readonly keep: boolean;
  /** Told which databases there are, before one is made and after one is dropped. */
  readonly onChange: (names: readonly string[]) => void;
}

export async function openScratches(options: RunOptions, scratch: ScratchOptions): Promise<Scratches> {
  if (options.embedded !== true) {
    const server = await findServer(options, scratch.connections + 2);
    return new ScratchDatabases(server, scratch);
  }
  const useless = scratch.keep ? '--keep' : scratch.template === undefined ? undefined : '--template';
  if (useless !== undefined) {
    const hint = 'name a server, or keep one: --embedded=DIR';
    throw new InputError([
      { severity: 'error', message: `${useless} is of no use with a throw-away server`, hint },
    ]);
  }
  return new ScratchServers(options, scratch.connections + 2);
}

class ScratchServers implements Scratches {
  readonly isShared = false;
  readonly #options: RunOptions;
  readonly #connections: number;
  readonly #open = new Set<Server>();

  constructor(options: RunOptions, connections: number) {
    this.#options = options;
    this.#connections = connections;
  }

  async make(): Promise<Scratch> {
    const server = await findServer(this.#options, this.#connections);
    this.#open.add(server);
    // A run that ends leaves it there: what was built is looked at afterwards.
    const lent = { ...server, stop: () => Promise.resolve() };
    const drop = async (): Promise<void> => {
      this.#open.delete(server);
      await server.stop();
    };
    return { name: 'a server of its own', server: lent, drop };
  }

  async close(): Promise<readonly Diagnostic[]> {
    await Promise.all([...this.#open].map((server) => server.stop()));
    return [];
  }

  names(): readonly string[] {
    return [];
  }
}

class ScratchDatabases implements Scratches {
  readonly isShared = true;
  readonly #server: Server;
  readonly #options: ScratchOptions;
  readonly #id = randomBytes(4).toString('hex');
  #names: readonly string[] = [];
  #made = 0;

  constructor(server: Server, options: ScratchOptions) {
    this.#server = server;
    this.#options = options;
  }

  async make(): Promise<Scratch> {
    // `_a` is the sequential one.
    const name = `pqrun_check_${this.#id}_${letters(this.#made++)}`;
    const { template = 'template1' } = this.#options;
    const create = `CREATE DATABASE ${name} TEMPLATE ${quoteIdentifier(template)}`;
    // Noted first: whatever becomes of the command, the database is looked for and dropped in the end.
    const note = (): void => this.#change([...this.#names, name]);
    await this.#execute(create, note).catch((error: unknown) => {
      throw error instanceof ConnectError ? error : cannotMake(name, error);
    });
    const value = { ...this.#server.value, database: name };
    const server = { value, warnings: this.#server.warnings, stop: () => Promise.resolve() };
    return { name, server, drop: () => this.#drop(name) };
  }

  async close(): Promise<readonly Diagnostic[]> {
    const left: Diagnostic[] = [];
    for (const name of this.#options.keep ? [] : this.#names) {
      try {
        await this.#drop(name);
      } catch (error) {
        const message = `the database ${name} could not be dropped: ${causeOf(error)}`;
        left.push({ severity: 'warning', message, hint: `DROP DATABASE ${name} WITH (FORCE)` });
      }
    }
    await this.#server.stop();
    return left;
  }

  names(): readonly string[] {
    return this.#names;
  }

  async #drop(name: string): Promise<void> {
    await this.#execute(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    this.#change(this.#names.filter((one) => one !== name));
  }

  #change(names: readonly string[]): void {
    this.#names = names;
    this.#options.onChange(names);
  }

  /**
   * Over a connection to whichever database of the server lets it in: the one of the options need not be there yet, and one that
   * somebody is connected to is no template.
   */
  async #execute(sql: string, beforehand?: () => void): Promise<void> {
    const { value } = this.#server;
    const [first = value.database, ...others] = [value.database, 'postgres', 'template1'].filter(
      (name) => name !== this.#options.template,
    );
    const open = (database: string): Promise<ScratchClient> => openScratchClient({ ...value, database });
    const client = await others.reduce(
      (opening, next) =>
        opening.catch((error: unknown) => {
          if (error instanceof ConnectError && error.failure.code === UNKNOWN_DATABASE) return open(next);
          throw error;
        }),
      open(first),
    );
    try {
      beforehand?.();
      await client.query(sql);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const UNKNOWN_DATABASE = '3D000';

/** a … z, aa, ab … */
function letters(number: number): string {
  const last = String.fromCharCode('a'.charCodeAt(0) + (number % 26));
  return number < 26 ? last : letters(Math.floor(number / 26) - 1) + last;
}

type ScratchClient = Extract<Opened, { readonly ok: true }>['client'];

/** Throws ConnectError. */
export async function openScratchClient(settings: ConnectionSettings): Promise<ScratchClient> {
  const serverSettings = { statement_timeout: '0', idle_in_transaction_session_timeout: '0' };
  const opened = await openClient(settings, { applicationName: 'pqrun: check', serverSettings });
  if (opened.ok) return opened.client;
  throw new ConnectError(opened.failure, { needsPassword: opened.needsPassword && settings.mayPrompt });
}

function cannotMake(name: string, error: unknown): InputError {
  return new InputError([
    {
      severity: 'error',
      message: `the scratch database ${name} cannot be created: ${causeOf(error)}`,
      hint: 'use a role that may (CREATEDB), or a server of its own: --embedded',
    },
  ]);
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
