import type { CHANNEL_BINDINGS, SESSION_ATTRIBUTES, SSL_MODES, SSL_NEGOTIATIONS } from './keywords.js';

/**
 * Everything that opening a connection needs, decided: no environment variable and no file of libpq's is looked at
 * after this, but for the certificates. Plain data, so that it travels to worker threads.
 */
export interface ConnectionSettings extends TlsSettings {
  /** Tried in order. Never empty. */
  readonly hosts: readonly HostSettings[];
  readonly user: string;
  readonly database: string;
  /** For each address of each host; undefined: wait as long as the operating system does. */
  readonly connectTimeoutSeconds?: number;
  /** PGAPPNAME or application_name=. Whoever opens a connection names it, and may build upon this. */
  readonly applicationName?: string;
  /** PGOPTIONS or options=, as the server parses it. */
  readonly options?: string;
  /** PGTZ, PGDATESTYLE and PGGEQO: server settings that libpq sends with every login. */
  readonly sessionDefaults: Readonly<Record<string, string>>;
  /** PGCLIENTENCODING or client_encoding=: the encoding of scripts, in PostgreSQL's words; undefined: UTF8. */
  readonly clientEncoding?: string;
  readonly targetSessionAttrs: SessionAttributes;
  readonly keepAlive: boolean;
  /** Undefined: the operating system's. */
  readonly keepAliveIdleSeconds?: number;
  /** False with -w: nobody may be asked for a password. */
  readonly mayPrompt: boolean;
}

/** One place to try. */
export interface HostSettings {
  /** A name, an IP address, or the directory of a Unix-domain socket. */
  readonly host: string;
  /** The IP address to connect to, when `host` need not be looked up. */
  readonly hostaddr?: string;
  readonly port: number;
  readonly password?: string;
  /** Where the password was found, for messages: `PGPASSWORD`, `the password file "/home/me/.pgpass"`. */
  readonly passwordOrigin?: string;
}

/** TLS, in libpq's names and meaning. Paths are there only when the file should be used. */
export interface TlsSettings {
  readonly sslmode: SslMode;
  readonly sslnegotiation: SslNegotiation;
  /** False: the host's name is not sent (SNI). */
  readonly sslsni: boolean;
  readonly channelBinding: ChannelBinding;
  /** A file, or `system`: the certificates that the operating system trusts. */
  readonly sslrootcert?: string;
  readonly sslcrl?: string;
  readonly sslcert?: string;
  readonly sslkey?: string;
  readonly sslpassword?: string;
  readonly minTlsVersion: TlsVersion;
  readonly maxTlsVersion?: TlsVersion;
}

export type SslMode = (typeof SSL_MODES)[number];
export type SslNegotiation = (typeof SSL_NEGOTIATIONS)[number];
export type ChannelBinding = (typeof CHANNEL_BINDINGS)[number];
export type SessionAttributes = (typeof SESSION_ATTRIBUTES)[number];

export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** As libpq: a host that begins with a slash is the directory of a Unix-domain socket. */
export function isSocketDirectory(host: string): boolean {
  return host.startsWith('/');
}

/** The file by which a server on this machine is reached. */
export function socketPath(directory: string, port: number): string {
  return `${directory}/.s.PGSQL.${port}`;
}
