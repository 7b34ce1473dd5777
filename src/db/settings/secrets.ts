import { isSocketDirectory, type ConnectionSettings } from './settings.js';

/**
 * Keeps passwords out of everything that is printed, logged or stored.
 *
 * maskSecrets knows the passwords of the settings, and the places where connection strings and SQL have theirs. It does
 * not know secrets that statements carry elsewhere.
 */
const MASK = '***';

/** `user@host:port/database`, without a password; several hosts with commas, IPv6 addresses in brackets. */
export function describeTarget({ user, database, hosts }: ConnectionSettings): string {
  const places = hosts.map(({ host, port }) => describeHost(host, port));
  return `${user}@${places.join(',')}/${database}`;
}

export function describeHost(host: string, port: number): string {
  return host.includes(':') && !isSocketDirectory(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

export function maskSecrets(text: string, settings: readonly ConnectionSettings[] = []): string {
  const known = knownSpellings.get(settings) ?? spellings(settings);
  knownSpellings.set(settings, known);
  // The known ones first: a pattern may end within a password and leave its rest, which is then no longer known.
  return maskPatterns(known.reduce(maskSecret, text));
}

/** Passwords where they stand in connection strings, environment assignments and SQL. Each keeps group 1. */
const PATTERNS: readonly RegExp[] = [
  // postgresql://user:password@host, ended by the last @ before a slash or blank.
  /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/]+(?=@)/gi,
  // password='it\'s', PGPASSWORD=secret, sslpassword = secret, ?password=secret&…
  /(password\s*=\s*)(?:'(?:\\[^]|''|[^'\\])*'|"[^"]*"|(?:\\[^]|[^\s&'"\\])+)/gi,
  // CREATE ROLE … PASSWORD 'secret'
  /(\bpassword\s+e?)'(?:''|[^'])*'/gi,
];

/** Every statement of a run is looked at: where none of the patterns can match that is cheap. */
const SUSPICIOUS = /:\/\/|password/i;

function maskPatterns(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return PATTERNS.reduce((masked, pattern) => masked.replaceAll(pattern, `$1${MASK}`), text);
}

/** A run masks every event with the same settings. */
const knownSpellings = new WeakMap<readonly ConnectionSettings[], readonly string[]>();

/**
 * All forms of all passwords, longest first, so that no form cuts up another. A password that is also the user's, the
 * database's or the host's name is no secret by itself, and masking it would make messages unreadable.
 */
function spellings(settings: readonly ConnectionSettings[]): readonly string[] {
  const forms = new Set(settings.flatMap(formsOf));
  return [...forms].sort((one, other) => other.length - one.length);
}

function formsOf({ hosts, user, database, sslpassword }: ConnectionSettings): readonly string[] {
  const known = new Set([user, database, ...hosts.map(({ host }) => host)]);
  const passwords = [...hosts.map(({ password }) => password), sslpassword];
  const forms = new Set<string>();
  for (const password of passwords) {
    if (password === undefined || password === '' || known.has(password)) continue;
    for (const form of [password, percentEncoded(password)]) forms.add(form);
    forms.add(password.replaceAll("'", "''"));
    forms.add(password.replaceAll(/['\\]/g, '\\$&'));
  }
  return [...forms];
}

function percentEncoded(password: string): string {
  // By way of UTF-8, because encodeURIComponent throws on a lone surrogate.
  return encodeURIComponent(Buffer.from(password).toString());
}

/** Shorter passwords are masked only where they stand alone: within words they are chance. */
const SHORT = 4;

function maskSecret(text: string, secret: string): string {
  if (secret.length >= SHORT) return text.replaceAll(secret, MASK);
  const literal = secret.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu');
  return text.replaceAll(word, MASK);
}
