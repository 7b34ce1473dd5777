import type { Client } from 'pg';
import { SERVER_START } from './epoch.js';
import { openClient } from './open.js';
import { sayGoodbye } from './goodbye.js';
import { loginBackend } from './pooler.js';
import type { ConnectionSettings, HostSettings } from './settings/settings.js';
import type { Answer } from './statement-query.js';

/**
 * A look from outside at a connection that is silent: what its server says of the process behind it, asked over another
 * connection.
 *
 * Only the server that the connection leads to can tell, so its start time is compared; any other one knows nothing. Process
 * ids come back, so the start of the process is compared, too. Neither needs clocks that agree.
 */
export type Sight =
  /** The process is at work. */
  | 'works'
  /** There is no such process any more. */
  | 'gone'
  /** It has answered, or was never asked, and waits. */
  | 'idle'
  /** The server says nothing at all. */
  | 'unreachable'
  /** Nobody who could tell was reached. */
  | 'unknown';

/** A connection that may be dead. */
export interface Suspect {
  readonly identity: Identity;
  /** Where it leads, of all hosts and addresses that there are. */
  readonly host: HostSettings;
}

/** What tells a server process from all others. */
export interface Identity {
  /** When the server was started. */
  readonly server: string;
  readonly pid: number;
  /** When the process was. */
  readonly since: string;
}

const SINCE = 'extract(epoch FROM a.backend_start)::text';

/** By the function behind pg_stat_activity: see EPOCH. */
export const IDENTITY = `SELECT ${SERVER_START} AS server, pg_catalog.pg_backend_pid() AS pid, (SELECT ${SINCE} FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a) AS since`;

/** What IDENTITY, the second of a message, gave. */
export function identityOf({ results }: Answer, client: Client): Identity | undefined {
  const [, second] = results;
  const [server = null, pid = null, since = null] =
    (second?.kind === 'rows' ? second.rows[0] : undefined) ?? [];
  return server === null || since === null ? undefined : seenBy(client, { server, pid: Number(pid), since });
}

/** Over a connection that does nothing else now. */
export async function askIdentity(client: Client): Promise<Identity | undefined> {
  const { rows } = await client.query<Identity>(IDENTITY);
  return rows[0] && seenBy(client, rows[0]);
}

/** A pooler between has process ids of its own, and another server process for each transaction: no look is of use. */
function seenBy(client: Client, identity: Identity): Identity | undefined {
  return loginBackend(client) === identity.pid ? identity : undefined;
}

/**
 * What a lost connection has left on its server: it may hold locks, and not know yet that nobody is there any more. Harmless on
 * another server, and where the process is gone.
 */
export function endProcess({ server, pid, since }: Identity): string {
  return `SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a WHERE a.pid = ${pid} AND ${SINCE} = '${since}' AND ${SERVER_START} = '${server}'`;
}

/** Undefined: whoever is asked does not answer in time, or is another server. */
export async function lookOver(
  ask: (text: string) => Promise<{ readonly rows: readonly Seen[] }>,
  { identity: { server, pid, since } }: Suspect,
  milliseconds: number,
): Promise<Sight | undefined> {
  const asked = ask(
    `SELECT ${SERVER_START} AS server, a.state, ${SINCE} AS since FROM (SELECT) AS one LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = ${pid}`,
  ).catch(() => undefined);
  const [row] = (await within(milliseconds, asked))?.rows ?? [];
  if (row?.server !== server) return undefined;
  // Who may not see the state of others sees no start, either.
  if (row.since !== null && row.since !== since) return 'gone';
  if (row.since === null && row.state === null) return 'gone';
  return row.state?.startsWith('idle') === true ? 'idle' : 'works';
}

interface Seen {
  readonly server: string;
  readonly state: string | null;
  readonly since: string | null;
}

/** Over a connection of its own. */
export async function probe(
  settings: ConnectionSettings,
  suspect: Suspect,
  milliseconds: number,
): Promise<Sight> {
  const limit = Math.min(milliseconds, (settings.connectTimeoutSeconds ?? Infinity) * 1000);
  const began = performance.now();
  const opened = await openClient(
    {
      ...settings,
      hosts: [suspect.host],
      targetSessionAttrs: 'any',
      connectTimeoutSeconds: limit / 1000,
    },
    { applicationName: 'pqrun: watch', serverSettings: { statement_timeout: '0' } },
  );
  // A refusal is an answer. Who is too far away to refuse will be found out by the operating system.
  if (!opened.ok) return performance.now() - began < limit - TIMER_SLACK ? 'unknown' : 'unreachable';
  const sight = await lookOver((text) => opened.client.query<Seen>(text), suspect, milliseconds);
  await sayGoodbye(opened.client);
  return sight ?? 'unknown';
}

async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Timers may be early by a little. */
const TIMER_SLACK = 20;
