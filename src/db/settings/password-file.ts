import type { Diagnostic } from '../../model/diagnostic.js';
import type { Surroundings } from './surroundings.js';

/**
 * The password file, ~/.pgpass: lines of `host:port:database:user:password`.
 *
 * Source: PostgreSQL documentation, "The Password File", and passwordFromFile() in libpq's fe-connect.c. A field `*`
 * matches anything; a backslash takes the next character as it is; the first line that matches wins. A file that
 * others could read is not used.
 */
export interface PasswordKey {
  /** The host as it was given; `localhost` for the default socket directory. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/** Where the file is when nothing names it. */
export function defaultPasswordFile({ env, home, platform }: Surroundings): string | undefined {
  if (platform === 'win32') {
    return env.APPDATA === undefined ? undefined : `${env.APPDATA}\\postgresql\\pgpass.conf`;
  }
  return home === undefined ? undefined : `${home}/.pgpass`;
}

export interface PasswordFile {
  /** Undefined when there is none that may be used. */
  readonly text: string | undefined;
  readonly warning?: Diagnostic;
}

export function openPasswordFile(path: string, surroundings: Surroundings): PasswordFile {
  const mode = surroundings.fileMode(path);
  if (mode === undefined) return { text: undefined };
  // On Windows the file is taken to be in a safe place, as libpq does.
  if (surroundings.platform !== 'win32' && (mode & 0o077) !== 0) {
    const warning: Diagnostic = {
      severity: 'warning',
      message: `the password file "${path}" is not used, because its group or others may access it`,
      hint: `run: chmod 0600 ${path}`,
    };
    return { text: undefined, warning };
  }
  return { text: surroundings.readFile(path) };
}

export function findPassword(text: string, key: PasswordKey): string | undefined {
  const wanted = [key.host, String(key.port), key.database, key.user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#')) continue;
    const fields = splitFields(line);
    const password = fields[wanted.length];
    if (password === undefined) continue;
    const matches = wanted.every(
      (value, index) => fields[index] === '*' || unescape(fields[index]) === value,
    );
    if (matches) return unescape(password);
  }
  return undefined;
}

/** The fields of a line, still escaped: cut at colons that no backslash stands before. */
function splitFields(line: string): readonly string[] {
  const fields = [''];
  for (const [token] of line.matchAll(/\\[^]|[^]/g)) {
    if (token === ':') fields.push('');
    else fields.push(`${fields.pop() ?? ''}${token}`);
  }
  return fields;
}

function unescape(field: string | undefined): string | undefined {
  return field?.replaceAll(/\\([^])/g, '$1');
}
