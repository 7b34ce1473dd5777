import pg from 'pg';
import type { ConnectionFailure } from '../model/failure.js';
import { encodingNamed, type Decoder } from '../script/encodings.js';
import { decodeMessages } from './message-decoding.js';
import { askBackend, checkKeepsSessions, loginBackend, refusesParameter, settingsSql } from './pooler.js';
import { goOnWithoutTls } from './without-tls.js';
import { explainConnectionError, type ConnectionAttempt } from './explain-connection.js';
import { addressesOf } from './settings/addresses.js';
import { BindingGuard } from './settings/channel-binding.js';
import { clientConfig, tlsOrder } from './settings/client-config.js';
import {
  asError,
  dependsOnTls,
  isFinal,
  NoPasswordError,
  SessionError,
  UnfitError,
  weight,
  type ConnectionError,
} from './settings/connection-error.js';
import {
  isSocketDirectory,
  type ConnectionSettings,
  type HostSettings,
  type SessionAttributes,
} from './settings/settings.js';
import { tlsOptions } from './settings/tls-options.js';

/**
 * Opens one connection, as libpq would with the same settings.
 *
 * Hosts are tried in order, and all addresses of each; with sslmode prefer and allow each address with and without TLS.
 * The next place is tried when this one was not reached, is not ready, or has not the wanted session attributes; a
 * server that refuses the user ends the search (PostgreSQL documentation, "Specifying Multiple Hosts"). It does not
 * retry; it does not know jobs.
 */
export interface OpenOptions {
  readonly applicationName: string;
  /** In force from the start and after RESET, except where the user's own options say otherwise. */
  readonly serverSettings: Readonly<Record<string, string>>;
  /**
   * Whether a pooler stands before the server (pooler.ts). `ask`, the default: it is found out, which takes a round trip, and one that
   * does not keep sessions is refused; `unasked`: somebody else finds out; `there`: it is there, and keeps sessions.
   */
  readonly pooler?: 'ask' | 'unasked' | 'there';
  /** Sent along with the question for a pooler. */
  readonly greeting?: string;
}

/** What the server reports of its settings (ParameterStatus), kept up to date. */
export type ServerParameters = ReadonlyMap<string, string>;

export type Opened =
  | ({ readonly ok: true } & OpenedClient)
  | {
      readonly ok: false;
      readonly failure: ConnectionFailure;
      /** The server wants a password and none was given: one may be asked for, and the opening tried again. */
      readonly needsPassword: boolean;
    };

export async function openClient(settings: ConnectionSettings, options: OpenOptions): Promise<Opened> {
  const { targetSessionAttrs: wanted } = settings;
  const search = (attributes: SessionAttributes): Promise<Opened> =>
    new Opening(settings, options).search(attributes);
  if (wanted !== 'prefer-standby') return search(wanted);
  const standby = await search('standby');
  return standby.ok || standby.needsPassword ? standby : search('any');
}

interface OpenedClient {
  readonly client: pg.Client;
  readonly parameters: ServerParameters;
  /** Which of the hosts it is, at which of its addresses. */
  readonly host: HostSettings;
  /** The server's process; of a pooler that nobody has asked for, a number of its own. */
  readonly backend: number;
  /**
   * There is a pooler, as far as is known. The settings were not sent with the login, and are sent again by this after a
   * reset (empty: there are none).
   */
  readonly pooled: { readonly settingsSql: string } | undefined;
}

function decoderOf(parameters: ServerParameters): Decoder | undefined {
  const name = parameters.get('client_encoding') ?? 'UTF8';
  const encoding = name === 'UTF8' ? 'utf8' : encodingNamed(name);
  return typeof encoding === 'string' ? undefined : encoding.decode;
}

function followParameters(client: pg.Client): ServerParameters {
  const parameters = new Map<string, string>();
  client.connection.on('parameterStatus', (message: { parameterName: string; parameterValue: string }) => {
    parameters.set(message.parameterName, message.parameterValue);
  });
  return parameters;
}

/** A failed attempt, with what it was about. */
interface Failed {
  readonly error: ConnectionError;
  readonly attempt: ConnectionAttempt;
}

class Opening {
  readonly #settings: ConnectionSettings;
  readonly #options: OpenOptions;
  readonly #failed: Failed[] = [];
  /** The last attempt was to have TLS; the server has none, and was spoken to without. */
  #wasPlain = false;

  constructor(settings: ConnectionSettings, options: OpenOptions) {
    this.#settings = settings;
    this.#options = options;
  }

  async search(wanted: SessionAttributes): Promise<Opened> {
    for (const host of this.#settings.hosts) {
      const place = { settings: this.#settings, host, tls: false };
      let addresses: readonly string[];
      try {
        addresses = await addressesOf(host);
      } catch (error) {
        this.#failed.push({ error: asError(error), attempt: { ...place, address: host.host } });
        continue;
      }
      for (const address of addresses) {
        const result = await this.#openAddress({ ...place, address }, wanted);
        if (!('error' in result)) return { ok: true, ...result };
        this.#failed.push(result);
        if (isFinal(result.error)) return this.#summary();
      }
    }
    return this.#summary();
  }

  /** With and without TLS, as sslmode says. */
  async #openAddress(place: ConnectionAttempt, wanted: SessionAttributes): Promise<OpenedClient | Failed> {
    let failed: Failed | undefined;
    for (const tls of tlsOrder(this.#settings.sslmode, place.host.host)) {
      const attempt = { ...place, tls };
      try {
        return await this.#openOnce(attempt, wanted);
      } catch (error) {
        const next = { error: asError(error), attempt };
        if (this.#wasPlain) return { ...next, attempt: { ...attempt, tls: false } };
        if (failed === undefined || weight(next.error) >= weight(failed.error)) failed = next;
        if (!dependsOnTls(next.error)) break;
      }
    }
    if (failed === undefined) throw new Error('sslmode leaves no way to connect');
    return failed;
  }

  /** Throws ConnectionError. */
  async #openOnce(attempt: ConnectionAttempt, wanted: SessionAttributes): Promise<OpenedClient> {
    this.#wasPlain = false;
    const { pooler = 'ask', greeting } = this.#options;
    if (pooler === 'there') return this.#openPooled(attempt, wanted);
    let opened: ConnectedClient;
    try {
      opened = await this.#connect(attempt, wanted);
    } catch (error) {
      if (!refusesParameter(asError(error))) throw error;
      return this.#openPooled(attempt, wanted);
    }
    const { client } = opened;
    const backend = loginBackend(client);
    if (pooler === 'unasked') return { ...opened, backend, pooled: undefined };
    const told = await orDestroy(client, () => askBackend(client, greeting));
    // What tells no number (a fork) cannot be judged.
    if (told === backend || told <= 0) return { ...opened, backend, pooled: undefined };
    client.connection.stream.destroy();
    return this.#openPooled(attempt, wanted);
  }

  /** Poolers refuse what a login says of settings, or pass over it: they are set afterwards. */
  async #openPooled(attempt: ConnectionAttempt, wanted: SessionAttributes): Promise<OpenedClient> {
    const { serverSettings, pooler = 'ask', greeting } = this.#options;
    const sql = settingsSql(serverSettings, attempt.settings);
    const opened = await this.#connect(attempt, wanted, false);
    const { client } = opened;
    return orDestroy(client, async () => {
      if (sql !== undefined) await client.query(sql);
      const another = async (): Promise<pg.Client> => (await this.#connect(attempt, 'any', false)).client;
      if (pooler === 'ask') await checkKeepsSessions(client, another);
      const backend = await askBackend(client, greeting);
      return { ...opened, backend, pooled: { settingsSql: sql ?? '' } };
    });
  }

  async #connect(
    attempt: ConnectionAttempt,
    wanted: SessionAttributes,
    withOptions = true,
  ): Promise<ConnectedClient> {
    const { host, address, tls, settings } = attempt;
    const ssl = tls ? await tlsOptions(settings, host.host) : undefined;
    if (ssl?.ok === false) throw new UnfitError(ssl.message, ssl.hint);
    const binding = new BindingGuard(settings, tls);
    const password = (): string => {
      binding.check();
      if (host.password === undefined) throw new NoPasswordError('no password supplied');
      return host.password;
    };
    const setup = { ...this.#options, address, port: host.port, ssl: ssl?.options ?? false, password };
    const client = new pg.Client(clientConfig(settings, setup));
    if (!withOptions) leaveOutOptions(client);
    if (tls && settings.sslmode === 'prefer') goOnWithoutTls(client, () => (this.#wasPlain = true));
    // An idle connection that breaks must not end the process; those who use the client listen themselves.
    client.on('error', (error: ConnectionError) => {
      if (error.severity !== undefined) LAST_WORDS.set(client, error);
    });
    binding.watch(client);
    const parameters = followParameters(client);
    decodeMessages(client, () => decoderOf(parameters));
    return orDestroy(client, async () => {
      await client.connect();
      binding.check();
      await checkSession(client, wanted);
      return { client, parameters, host: isSocketDirectory(address) ? host : { ...host, hostaddr: address } };
    });
  }

  #summary(): Opened {
    const failures = this.#failed.map(({ error, attempt }) => explainConnectionError(error, attempt));
    const last = failures.at(-1);
    if (last === undefined) throw new Error('connection settings without a host');
    const needsPassword = this.#failed.at(-1)?.error instanceof NoPasswordError;
    const messages = [...new Set(failures.map(({ message }) => message))];
    return { ok: false, failure: { ...last, message: messages.join('; ') }, needsPassword };
  }
}

/** Given to node-postgres as nothing they would be looked for in the environment. */
function leaveOutOptions(client: pg.Client): void {
  // A field that node-postgres has, and its types have not.
  (client as pg.Client & { connectionParameters: { options: string } }).connectionParameters.options = '';
}

type ConnectedClient = Pick<OpenedClient, 'client' | 'parameters' | 'host'>;

/** What a server has said while nothing was asked: it has ended the session. */
const LAST_WORDS = new WeakMap<pg.Client, Error>();

/** What is asked of a session that has ended fails in words of node-postgres' own: the server's say more. */
async function orDestroy<Result>(client: pg.Client, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    client.connection.stream.destroy();
    throw LAST_WORDS.get(client) ?? error;
  }
}

/** Throws when the session is not one of those wanted (target_session_attrs). */
async function checkSession(client: pg.Client, wanted: SessionAttributes): Promise<void> {
  if (wanted === 'any') return;
  const { rows } = await client.query<{ standby: boolean; readonly: boolean }>(
    `SELECT pg_catalog.pg_is_in_recovery() AS standby,
            pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool AS readonly`,
  );
  const { standby = false, readonly = false } = rows[0] ?? {};
  const met = { 'read-write': !readonly, 'read-only': readonly, primary: !standby, standby };
  // prefer-standby is two searches: for a standby, then for any.
  if (wanted === 'prefer-standby' || met[wanted]) return;
  const hint = 'add the hosts of other servers, or choose another target_session_attrs';
  throw new SessionError(`the session is not ${wanted}, which target_session_attrs wants`, hint);
}
