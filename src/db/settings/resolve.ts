import type { Diagnostic, Read } from '../../model/diagnostic.js';
import { parseDbname } from './conninfo.js';
import { succeeded } from './fault.js';
import { passwordFileHost, readHosts } from './hosts.js';
import { KEYWORD_NAMES, KEYWORDS, SESSION_ATTRIBUTES, type Conninfo, type Keyword } from './keywords.js';
import { defaultPasswordFile, findPassword, openPasswordFile, type PasswordFile } from './password-file.js';
import { findService } from './service-file.js';
import { SettingReader, type Setting } from './setting-reader.js';
import type { ConnectionSettings, HostSettings } from './settings.js';
import type { Surroundings } from './surroundings.js';
import { readTlsSettings } from './tls-settings.js';

export type { ConnectionSettings } from './settings.js';
export { systemSurroundings, type Surroundings } from './surroundings.js';

/**
 * Which server, as whom, how: all that may say so, brought together as libpq would.
 *
 * For each parameter the first of these that gives it wins: the flags; the connection string behind -d, or
 * DATABASE_URL in its place when there is no -d; the service (service= or PGSERVICE); the PG* environment; for the
 * password the password file; libpq's defaults. (One deviation: where psql lets a connection string override -h, -p
 * and -U, here flags always win.) All faults are told at once. Nothing is connected to.
 */
export interface ConnectionFlags {
  /** -h: as libpq's `host`, also a list, also a socket directory. */
  readonly host?: string;
  /** -p */
  readonly port?: string | number;
  /** -U */
  readonly user?: string;
  /** -d: a database's name, a URI, or a keyword/value string. */
  readonly dbname?: string;
  /** -w: never ask for a password. */
  readonly noPassword?: boolean;
  /** What was typed at the prompt of -W. */
  readonly password?: string;
}

export function resolveConnection(
  flags: ConnectionFlags,
  surroundings: Surroundings,
): Read<ConnectionSettings> {
  const string = readConnectionString(flags, surroundings);
  if (!string.ok) return string;
  const settings = new Map<Keyword, Setting>();
  for (const [keyword, setting] of flagSettings(flags)) settings.set(keyword, setting);
  addMissing(settings, string.value);
  const service = readService(settings, surroundings);
  if (!service.ok) return service;
  addMissing(settings, service.value);
  addMissing(settings, environment(surroundings));

  const reader = new SettingReader(settings);
  const user = reader.text('user') ?? surroundings.osUser;
  if (user === undefined) reader.fault('there is no user name to log in with', 'give one with -U or PGUSER');
  const tls = readTlsSettings(reader, surroundings);
  const database = reader.text('dbname') ?? user ?? '';
  const passwords = new Passwords(reader, surroundings);
  const hosts = readHosts(reader, surroundings).map((host) =>
    passwords.givenTo(host, { database, user: user ?? '' }),
  );
  const session = readSession(reader, surroundings);
  if (user === undefined || reader.faults.length > 0) return { ok: false, diagnostics: reader.faults };
  const value = { hosts, user, database, ...session, ...tls, mayPrompt: flags.noPassword !== true };
  return { ok: true, value, warnings: [...reader.warnings, ...passwords.warnings] };
}

/** Settings with their origin, as one of the sources gives them. */
type Source = ReadonlyMap<Keyword, Setting>;

function flagSettings({ host, port, user, password }: ConnectionFlags): Source {
  const given: readonly (readonly [Keyword, string, string | number | undefined])[] = [
    ['host', '-h', host],
    // An address from elsewhere belongs to another host.
    ['hostaddr', '-h', host === undefined ? undefined : ''],
    ['port', '-p', port],
    ['user', '-U', user],
    ['password', 'the prompt', password],
  ];
  const settings = new Map<Keyword, Setting>();
  for (const [keyword, origin, value] of given) {
    if (value !== undefined) settings.set(keyword, { value: String(value), origin });
  }
  return settings;
}

/** What is behind -d, or DATABASE_URL when there is no -d. */
function readConnectionString({ dbname }: ConnectionFlags, { env }: Surroundings): Read<Source> {
  const origin = dbname === undefined ? 'DATABASE_URL' : '-d';
  const text = dbname ?? env.DATABASE_URL ?? '';
  if (text === '') return succeeded(new Map());
  const parsed = parseDbname(text);
  if (parsed.ok) return succeeded(withOrigin(parsed.value, origin));
  const diagnostics = parsed.diagnostics.map((fault) => ({
    ...fault,
    message: `${origin}: ${fault.message}`,
  }));
  return { ok: false, diagnostics };
}

function readService(settings: Source, surroundings: Surroundings): Read<Source> {
  const name = settings.get('service')?.value ?? surroundings.env.PGSERVICE ?? '';
  if (name === '') return succeeded(new Map());
  const service = findService(name, surroundings);
  return service.ok ? succeeded(withOrigin(service.value.values, `the service "${name}"`)) : service;
}

function environment({ env }: Surroundings): Source {
  const settings = new Map<Keyword, Setting>();
  for (const keyword of KEYWORD_NAMES) {
    const origin = KEYWORDS[keyword].env;
    const value = origin === undefined ? undefined : env[origin];
    if (origin !== undefined && value !== undefined) settings.set(keyword, { value, origin });
  }
  return settings;
}

function withOrigin(values: Conninfo, origin: string): Source {
  return new Map([...values].map(([keyword, value]) => [keyword, { value, origin }]));
}

function addMissing(settings: Map<Keyword, Setting>, source: Source): void {
  for (const [keyword, setting] of source) {
    if (!settings.has(keyword)) settings.set(keyword, setting);
  }
}

/** Finds each host its password: the one that was given, or its line in the password file. */
class Passwords {
  readonly #given: string | undefined;
  readonly #origin: string;
  readonly #path: string | undefined;
  readonly #file: PasswordFile;

  constructor(reader: SettingReader, surroundings: Surroundings) {
    this.#given = reader.text('password');
    this.#origin = reader.origin('password');
    this.#path = reader.text('passfile') ?? defaultPasswordFile(surroundings);
    const needed = this.#given === undefined && this.#path !== undefined;
    this.#file = needed ? openPasswordFile(this.#path, surroundings) : { text: undefined };
  }

  get warnings(): readonly Diagnostic[] {
    return this.#file.warning === undefined ? [] : [this.#file.warning];
  }

  givenTo(place: HostSettings, login: { readonly database: string; readonly user: string }): HostSettings {
    if (this.#given !== undefined) {
      return { ...place, password: this.#given, passwordOrigin: this.#origin };
    }
    const key = { host: passwordFileHost(place.host), port: place.port, ...login };
    const password = findPassword(this.#file.text ?? '', key);
    if (password === undefined || password === '') return place;
    return { ...place, password, passwordOrigin: `the password file "${this.#path ?? ''}"` };
  }
}

type SessionSettings = Pick<
  ConnectionSettings,
  | 'applicationName'
  | 'clientEncoding'
  | 'connectTimeoutSeconds'
  | 'keepAlive'
  | 'keepAliveIdleSeconds'
  | 'options'
  | 'sessionDefaults'
  | 'targetSessionAttrs'
>;

function readSession(reader: SettingReader, surroundings: Surroundings): SessionSettings {
  const timeout = reader.integer('connect_timeout') ?? 0;
  const idle = reader.integer('keepalives_idle') ?? 0;
  const applicationName = reader.text('application_name');
  const options = reader.text('options');
  const encoding = reader.text('client_encoding');
  return {
    targetSessionAttrs: reader.choice('target_session_attrs', SESSION_ATTRIBUTES) ?? 'any',
    keepAlive: reader.integer('keepalives') !== 0,
    sessionDefaults: sessionDefaults(surroundings),
    // Zero and less mean no limit, or the system's own.
    ...(timeout > 0 ? { connectTimeoutSeconds: timeout } : {}),
    ...(idle > 0 ? { keepAliveIdleSeconds: idle } : {}),
    ...(applicationName === undefined ? {} : { applicationName }),
    ...(options === undefined ? {} : { options }),
    ...(encoding === undefined || encoding === 'auto' ? {} : { clientEncoding: encoding }),
  };
}

/** The environment variables that are no connection parameters but server settings; `default` means: none. */
function sessionDefaults({ env }: Surroundings): Readonly<Record<string, string>> {
  const variables = { DateStyle: env.PGDATESTYLE, TimeZone: env.PGTZ, geqo: env.PGGEQO };
  const defaults: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (value !== undefined && value !== '' && value.toLowerCase() !== 'default') defaults[name] = value;
  }
  return defaults;
}
