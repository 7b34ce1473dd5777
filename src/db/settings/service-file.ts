import type { Read } from '../../model/diagnostic.js';
import { failed, succeeded } from './fault.js';
import { isKeyword, unknownKeywordHint, type Conninfo, type Keyword } from './keywords.js';
import type { Surroundings } from './surroundings.js';

/**
 * The connection service file: named groups of connection parameters.
 *
 * Source: PostgreSQL documentation, "The Connection Service File", and parseServiceInfo() in libpq's fe-connect.c.
 * PGSERVICEFILE, or else ~/.pg_service.conf, is read first; where it has no such group, pg_service.conf in PGSYSCONFDIR.
 * Lines are `name=value` without blanks around the `=`; the first of several values wins. LDAP lookup is not supported.
 */
export interface Service {
  readonly file: string;
  readonly values: Conninfo;
}

/** libpq has one such directory compiled in; these are Debian's, Red Hat's and the source's. */
const SYSTEM_DIRECTORIES = ['/etc/postgresql-common', '/etc/sysconfig/pgsql', '/usr/local/pgsql/etc'];

export function findService(name: string, surroundings: Surroundings): Read<Service> {
  const { env } = surroundings;
  const named = env.PGSERVICEFILE;
  if (named !== undefined && surroundings.readFile(named) === undefined) {
    return failed(
      `the service file "${named}" does not exist or cannot be read`,
      'PGSERVICEFILE names it: correct or unset it.',
    );
  }
  const files = candidates(surroundings);
  for (const file of files) {
    const text = surroundings.readFile(file);
    if (text === undefined) continue;
    const values = parseService(name, { file, text });
    if (!values.ok) return values;
    if (values.value !== undefined) return succeeded({ file, values: values.value });
  }
  return failed(
    `the service "${name}" is not defined`,
    `add a group [${name}] to one of these files: ${files.join(', ')}`,
  );
}

function candidates({ env, home }: Surroundings): readonly string[] {
  const own = env.PGSERVICEFILE ?? (home === undefined ? undefined : `${home}/.pg_service.conf`);
  const directories = env.PGSYSCONFDIR === undefined ? SYSTEM_DIRECTORIES : [env.PGSYSCONFDIR];
  const shared = directories.map((directory) => `${directory}/pg_service.conf`);
  return own === undefined ? shared : [own, ...shared];
}

/** The values of a group; undefined when the file does not have it. */
function parseService(name: string, source: { file: string; text: string }): Read<Conninfo | undefined> {
  let values: Map<Keyword, string> | undefined;
  for (const [index, untrimmed] of source.text.split('\n').entries()) {
    const line = untrimmed.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith('[')) {
      if (values !== undefined) break;
      if (line.startsWith(`[${name}]`)) values = new Map();
      continue;
    }
    if (values === undefined) continue;
    const setting = parseLine(line);
    if (!setting.ok) {
      const place = { file: source.file, line: index + 1, column: 1 };
      return { ok: false, diagnostics: setting.diagnostics.map((fault) => ({ ...fault, place })) };
    }
    const [keyword, value] = setting.value;
    if (!values.has(keyword)) values.set(keyword, value);
  }
  return succeeded(values);
}

function parseLine(line: string): Read<readonly [Keyword, string]> {
  const equals = line.indexOf('=');
  if (line.startsWith('ldap')) {
    return failed('services in an LDAP directory are not supported', 'write the parameters into the file');
  }
  if (equals < 0) return failed('a line of a service has no "="', 'write name=value');
  const name = line.slice(0, equals);
  if (name === 'service') {
    return failed('a service cannot name another service', 'write its parameters out');
  }
  if (!isKeyword(name)) {
    const blank = name.trim() === name ? unknownKeywordHint(name) : 'leave no blanks around the "="';
    return failed(`unknown connection parameter "${name}"`, blank);
  }
  return succeeded([name, line.slice(equals + 1)]);
}
