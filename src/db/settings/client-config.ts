import type { ClientConfig } from 'pg';
import { UnfitError } from './connection-error.js';
import { startupOptions } from './startup-options.js';
import { isSocketDirectory, type ConnectionSettings } from './settings.js';
import type { SslMode } from './settings.js';

/**
 * Connection settings → node-postgres' configuration of one attempt.
 *
 * Whatever node-postgres finds empty it looks for in the environment (by rules that are not libpq's) and in ~/.pgpass.
 * So everything is given, and nothing is empty; the password is a function, because that is never looked for.
 */
export interface ClientSetup {
  readonly applicationName: string;
  readonly serverSettings: Readonly<Record<string, string>>;
  readonly address: string;
  readonly port: number;
  /** False: a plain connection. */
  readonly ssl: Exclude<ClientConfig['ssl'], undefined>;
  /** Called when the server asks; what it throws becomes the connection's error. */
  readonly password: () => string;
}

export function clientConfig(settings: ConnectionSettings, setup: ClientSetup): ClientConfig {
  const { address, port, ssl, password, applicationName, serverSettings } = setup;
  const { keepAliveIdleSeconds, connectTimeoutSeconds } = settings;
  const options = startupOptions(serverSettings, settings);
  // A zero byte ends a value there: what is behind it would be another parameter.
  if ([settings.user, settings.database, applicationName, options].some((value) => value.includes('\0')))
    throw new UnfitError('a setting of the connection has a zero byte', 'remove it');
  return {
    host: address,
    port,
    user: settings.user,
    database: settings.database,
    password,
    ssl,
    sslnegotiation: ssl === false ? 'postgres' : settings.sslnegotiation,
    enableChannelBinding: ssl !== false && settings.channelBinding !== 'disable',
    application_name: applicationName,
    // node-postgres always asks for UTF8; whoever wants another encoding sets it in the session.
    client_encoding: 'UTF8',
    // A blank is no option, but not empty either.
    options: options || NO_OPTIONS,
    keepAlive: settings.keepAlive,
    keepAliveInitialDelayMillis: (keepAliveIdleSeconds ?? KEEPALIVE_IDLE) * 1000,
    connectionTimeoutMillis: (connectTimeoutSeconds ?? CONNECT_TIMEOUT) * 1000,
  };
}

export const NO_OPTIONS = ' ';
/**
 * Seconds of silence before the operating system asks the other end whether it is there. Its own two hours are longer than routers
 * remember a connection that says nothing (some forget it after four minutes), and a slow statement says nothing. Node
 * fixes all else: where nobody answers ten questions, a second apart, the connection is lost; so it is not asked more often than it must.
 */
const KEEPALIVE_IDLE = 180;

/** Seconds; some less than the operating system tries. A server that takes a connection and then says nothing would keep it for ever. */
const CONNECT_TIMEOUT = 120;

/** With and without TLS, in the order of libpq's sslmode. There is no TLS over a Unix-domain socket. */
export function tlsOrder(mode: SslMode, host: string): readonly boolean[] {
  if (isSocketDirectory(host) || mode === 'disable') return [false];
  if (mode === 'allow') return [false, true];
  if (mode === 'prefer') return [true, false];
  return [true];
}
