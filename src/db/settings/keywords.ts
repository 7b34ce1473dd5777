/**
 * The connection parameters of libpq: their names, their environment variables, and what pqrun makes of them.
 *
 * Source: PostgreSQL documentation, "Parameter Key Words" and "Environment Variables" of the libpq chapter. All of
 * libpq's names are known here, so that a string which psql accepts is never called misspelt. It does not know where
 * values come from (resolve.ts) nor what they mean (setting-reader.ts and the files that use it).
 */
interface KeywordFacts {
  /** The environment variable that stands in when nothing else gives a value. */
  readonly env?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /**
   * What happens to a value: it is used; it is `accepted` without effect, because its effect cannot be seen here; it
   * is `ignored` with a warning; or it is `refused`, because the connection would be less safe than the user asked.
   */
  readonly treatment?: 'accepted' | 'ignored' | 'refused';
  /** Values of an ignored or refused parameter that ask for what happens anyway. */
  readonly harmless?: readonly string[];
}

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;
export const SSL_NEGOTIATIONS = ['postgres', 'direct'] as const;
export const SESSION_ATTRIBUTES = [
  'any',
  'read-write',
  'read-only',
  'primary',
  'standby',
  'prefer-standby',
] as const;

const FACTS = {
  service: { env: 'PGSERVICE' },
  user: { env: 'PGUSER' },
  password: { env: 'PGPASSWORD' },
  passfile: { env: 'PGPASSFILE' },
  dbname: { env: 'PGDATABASE' },
  host: { env: 'PGHOST' },
  hostaddr: { env: 'PGHOSTADDR' },
  port: { env: 'PGPORT' },
  connect_timeout: { env: 'PGCONNECT_TIMEOUT' },
  client_encoding: { env: 'PGCLIENTENCODING' },
  options: { env: 'PGOPTIONS' },
  application_name: { env: 'PGAPPNAME' },
  fallback_application_name: { treatment: 'accepted' },
  keepalives: {},
  keepalives_idle: {},
  keepalives_interval: { treatment: 'ignored' },
  keepalives_count: { treatment: 'ignored' },
  tcp_user_timeout: { treatment: 'ignored', harmless: ['0'] },
  target_session_attrs: { env: 'PGTARGETSESSIONATTRS', choices: SESSION_ATTRIBUTES },
  load_balance_hosts: {
    env: 'PGLOADBALANCEHOSTS',
    choices: ['disable', 'random'],
    treatment: 'ignored',
    harmless: ['disable'],
  },
  sslmode: { env: 'PGSSLMODE', choices: SSL_MODES },
  sslnegotiation: { env: 'PGSSLNEGOTIATION', choices: SSL_NEGOTIATIONS },
  sslcompression: { env: 'PGSSLCOMPRESSION', treatment: 'accepted' },
  sslcert: { env: 'PGSSLCERT' },
  sslkey: { env: 'PGSSLKEY' },
  sslpassword: {},
  sslcertmode: {
    env: 'PGSSLCERTMODE',
    choices: ['disable', 'allow', 'require'],
    treatment: 'refused',
    harmless: ['disable', 'allow'],
  },
  sslrootcert: { env: 'PGSSLROOTCERT' },
  sslcrl: { env: 'PGSSLCRL' },
  sslcrldir: { env: 'PGSSLCRLDIR', treatment: 'refused' },
  sslsni: { env: 'PGSSLSNI', choices: ['0', '1'] },
  sslkeylogfile: { treatment: 'ignored' },
  ssl_min_protocol_version: { env: 'PGSSLMINPROTOCOLVERSION' },
  ssl_max_protocol_version: { env: 'PGSSLMAXPROTOCOLVERSION' },
  channel_binding: { env: 'PGCHANNELBINDING', choices: CHANNEL_BINDINGS },
  min_protocol_version: {
    env: 'PGMINPROTOCOLVERSION',
    choices: ['3.0', '3.2', 'latest'],
    treatment: 'refused',
    harmless: ['3.0'],
  },
  max_protocol_version: { env: 'PGMAXPROTOCOLVERSION', treatment: 'accepted' },
  requirepeer: { env: 'PGREQUIREPEER', treatment: 'refused' },
  require_auth: { env: 'PGREQUIREAUTH', treatment: 'refused' },
  gssencmode: {
    env: 'PGGSSENCMODE',
    choices: ['disable', 'prefer', 'require'],
    treatment: 'refused',
    harmless: ['disable', 'prefer'],
  },
  krbsrvname: { env: 'PGKRBSRVNAME', treatment: 'accepted' },
  gsslib: { env: 'PGGSSLIB', treatment: 'accepted' },
  gssdelegation: { env: 'PGGSSDELEGATION', treatment: 'accepted' },
  oauth_issuer: { treatment: 'ignored' },
  oauth_client_id: { treatment: 'ignored' },
  oauth_client_secret: { treatment: 'ignored' },
  oauth_scope: { treatment: 'ignored' },
  replication: { treatment: 'refused', harmless: ['false', 'off', 'no', '0'] },
} satisfies Readonly<Record<string, KeywordFacts>>;

export type Keyword = keyof typeof FACTS;

/** What a connection string or a service says: values as written, decoded. */
export type Conninfo = ReadonlyMap<Keyword, string>;

export const KEYWORDS: Readonly<Record<Keyword, KeywordFacts>> = FACTS;

// Object.keys() forgets the key type; FACTS has no other keys.
export const KEYWORD_NAMES = Object.keys(FACTS) as Keyword[];

export function isKeyword(name: string): name is Keyword {
  return Object.hasOwn(FACTS, name);
}

/** What other drivers and ORMs call libpq's parameters: the likeliest reasons for an unknown one. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  username: 'write user=',
  database: 'write dbname=',
  db: 'write dbname=',
  server: 'write host=',
  hostname: 'write host=',
  pwd: 'write password=',
  ssl: 'write sslmode=require',
  timeout: 'write connect_timeout=',
  schema: 'remove it, or write options=-csearch_path%3DNAME',
  currentSchema: 'remove it, or write options=-csearch_path%3DNAME',
  search_path: 'write options=-csearch_path%3DNAME',
};

/** The remedy for a parameter that libpq does not have. */
export function unknownKeywordHint(name: string): string {
  const foreign = Object.hasOwn(FOREIGN_NAMES, name) ? FOREIGN_NAMES[name] : undefined;
  return foreign ?? "only libpq's parameters are understood: remove it, or correct its name";
}
