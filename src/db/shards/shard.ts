import type { Client } from 'pg';
import type { ConnectionFailure, Failure } from '../../model/failure.js';
import { openClient } from '../open.js';
import { maskSecrets } from '../settings/secrets.js';
import type { ConnectionSettings } from '../settings/settings.js';
import { within } from './patience.js';
import type { RowBuffer } from './row-buffer.js';

/**
 * One of several databases, with the one connection to it.
 *
 * Runs take their turns in the order in which they came. The connection is never renewed: what the session had (a
 * transaction, settings, temporary tables) would be gone without a word.
 */
export interface ShardAddress {
  readonly name: string;
  readonly settings: ConnectionSettings;
}

export interface ShardSession {
  readonly applicationName: string;
  readonly serverSettings: Readonly<Record<string, string>>;
}

/** Who uses the connection, and until when. */
interface Turn {
  readonly buffer: RowBuffer;
  readonly settled: Promise<void>;
}

export type OpenedShard =
  | { readonly ok: true; readonly shard: Shard }
  | { readonly ok: false; readonly name: string; readonly failure: ConnectionFailure };

export async function openShard(address: ShardAddress, session: ShardSession): Promise<OpenedShard> {
  const { name, settings } = address;
  const opened = await openClient(settings, session);
  if (opened.ok) return { ok: true, shard: new Shard(address, opened.client) };
  return { ok: false, name, failure: masked(opened.failure, settings) };
}

export class Shard {
  readonly name: string;
  readonly client: Client;
  readonly #settings: ConnectionSettings;
  #latest: Turn | undefined;
  #lost: Failure | undefined;

  constructor({ name, settings }: ShardAddress, client: Client) {
    this.name = name;
    this.client = client;
    this.#settings = settings;
    client.on('error', () => this.#lose());
    client.on('end', () => this.#lose());
  }

  /** Why no statement can be sent any more. */
  get lost(): Failure | undefined {
    return this.#lost;
  }

  /** Resolves when it is this run's turn. The run before it need not be read to its end by anybody: it is taken in. */
  async turn(run: Turn): Promise<void> {
    const before = this.#latest;
    this.#latest = run;
    before?.buffer.release();
    await before?.settled;
  }

  /** The failure as it may be shown. */
  masked(failure: Failure): Failure {
    return masked(failure, this.#settings);
  }

  /** Says goodbye, or leaves without when the server does not listen. Again harmless. */
  async close(): Promise<void> {
    await within(GOODBYE, this.#latest?.settled ?? Promise.resolve());
    const saidGoodbye = this.client.end().catch(() => undefined);
    await within(GOODBYE, saidGoodbye);
    this.client.connection.stream.destroy();
  }

  #lose(): void {
    this.#lost ??= { kind: 'connection', phase: 'lost', message: 'the connection to the server was lost' };
  }
}

/** Milliseconds. */
const GOODBYE = 2_000;

function masked<T extends Failure>(failure: T, settings: ConnectionSettings): T {
  const entries = Object.entries(failure).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' ? maskSecrets(value, [settings]) : value,
  ]);
  // The same fields with values of the same types.
  return Object.fromEntries(entries) as T;
}
