import { setTimeout } from 'node:timers/promises';
import type { Client } from 'pg';
import { quoteLiteral } from '../script/variables.js';
import type { ConnectionError } from './settings/connection-error.js';
import { PoolerError } from './settings/connection-error.js';
import { optionSettings } from './settings/startup-options.js';
import type { ConnectionSettings } from './settings/settings.js';

/**
 * What stands between pqrun and the server: nothing, or a pooler (PgBouncer and its like).
 *
 * A pooler is found out by the number of the server's process: the one that a login tells is made up by the pooler, the one that
 * the server itself tells is another. It may be of two kinds. One that keeps sessions gives a client a session of the server's
 * for as long as it is connected. The other gives it away with each transaction or statement, and with it settings, temporary
 * tables, prepared statements and locks: pqrun cannot use that.
 *
 * Which it is shows when there is a second client. Whoever keeps sessions never gives the second one that of the first; if it has
 * none to spare, the second waits while the first is answered. Whoever does not keep them gives an idle one to whoever comes, so
 * that the second, in a transaction, has that of the first, or the first next has another. A third is for poolers that
 * take the one that has been idle longest: the second has then taken the last other one.
 */

/** Settings as they are sent where no startup packet carries them; undefined: there are none. Throws UnfitError. */
export function settingsSql(
  serverSettings: Readonly<Record<string, string>>,
  settings: ConnectionSettings,
): string | undefined {
  const all = [
    ...Object.entries(serverSettings),
    ...optionSettings(settings.options ?? ''),
    ...Object.entries(settings.sessionDefaults),
  ];
  if (all.length === 0) return undefined;
  const calls = all.map(
    ([name, value]) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, false)`,
  );
  return `SELECT ${calls.join(', ')}`;
}

/** PgBouncer takes only the startup parameters that it knows: not `options`. */
export function refusesParameter({ code, severity, message }: ConnectionError): boolean {
  return severity !== undefined && code === '08P01' && message.includes('startup parameter');
}

/** What node-postgres took from the login. It is documented, but not in its types. */
export function loginBackend(client: Client): number {
  return (client as Client & { readonly processID?: number }).processID ?? 0;
}

/** The server's own number of its process, and what `greeting` does in the same round trip. */
export async function askBackend(client: Client, greeting?: string): Promise<number> {
  const question = `SELECT pg_catalog.pg_backend_pid() AS backend${greeting === undefined ? '' : `; ${greeting}`}`;
  // Several statements in one message give a list of results.
  const answer: unknown = await client.query(question);
  const [first] = (Array.isArray(answer) ? answer : [answer]) as readonly {
    readonly rows: readonly { readonly backend: number }[];
  }[];
  return first?.rows[0]?.backend ?? 0;
}

/**
 * Throws PoolerError when the pooler does not keep the session of a client that is in no transaction. `another` opens one more
 * connection to the same place.
 */
export async function checkKeepsSessions(client: Client, another: () => Promise<Client>): Promise<void> {
  const mine = await sessionOf(client);
  const others: Client[] = [];
  try {
    for (let count = 0; count < OTHERS; count++) {
      const other = await another();
      others.push(other);
      const asked = beginIn(other);
      // It is looked at below, or given up.
      asked.catch(() => undefined);
      const theirs = await Promise.race([asked, waits()]);
      if (theirs === mine) throw new PoolerError(SHARES);
      for (let again = 0; again < LOOKS; again++)
        if ((await sessionOf(client)) !== mine) throw new PoolerError(SHARES);
      // The other one is still waiting, and has not been served before this one: there is no session to spare.
      if (theirs === undefined) return;
    }
  } finally {
    for (const other of others) other.connection.stream.destroy();
  }
}

/** A second and a third client. */
const OTHERS = 2;
/** How often the first is then asked for its session. */
const LOOKS = 3;
/** Milliseconds that a pooler which has a session to spare may take to give it. */
const PATIENCE = 1_000;

/** Processes of different servers may have the same number. */
const SESSION = `SELECT pg_catalog.pg_backend_pid() || ' ' || pg_catalog.pg_postmaster_start_time() AS session`;

async function sessionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ session: string }>(SESSION);
  return rows[0]?.session ?? '';
}

async function beginIn(client: Client): Promise<string> {
  try {
    await client.query('BEGIN');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PoolerError(`${NO_TRANSACTIONS} (${reason})`);
  }
  return sessionOf(client);
}

function waits(): Promise<undefined> {
  return setTimeout(PATIENCE, undefined, { ref: false });
}

const SHARES =
  'a pooler stands before the server and gives the session away between transactions, so that settings, temporary tables, prepared statements and locks would get lost';
const NO_TRANSACTIONS =
  'a pooler stands before the server and takes no transactions, so that they, and what a session keeps, would get lost';
