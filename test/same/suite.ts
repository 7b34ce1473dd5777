import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type pg from 'pg';
import { copyInputs } from '../../src/db/copy-input.js';
import { DEFAULT_READING, readScripts } from '../../src/script/read.js';
import { renderTemplate } from '../../src/script/template.js';
import type { Statement } from '../../src/model/script.js';
import { beginsBlock, endsBlock, type Entry } from './program.js';
import { send, type Scratch } from './scratch.js';

/**
 * Scripts of a regression suite of PostgreSQL (`src/test/regress`, `contrib/hstore`, `src/pl/plpgsql/src` …) as programs: of each
 * the statements that succeed, which are about four of five. What psql itself does (meta-commands) is left out, and what is for the
 * whole server, or never ends.
 */
export interface Suite {
  readonly name: string;
  readonly path: string;
}

export function suiteScripts(directory: string, names: readonly string[]): readonly Suite[] {
  const all = readdirSync(join(directory, 'sql'))
    .filter((file) => file.endsWith('.sql'))
    .map((file) => ({ name: basename(file, '.sql'), path: join(directory, 'sql', file) }));
  return all.filter(({ name }) => (names.length === 0 ? !LEFT_OUT.has(name) : names.includes(name)));
}

/** What other scripts of the suite rest on; none: nothing. */
export const SETUP = 'test_setup';

/** They look at the whole server, at system catalogs that they change, at psql, or at large numbers for minutes. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...[SETUP, 'tablespace', 'largeobject', 'stats', 'stats_ext', 'database', 'guc', 'prepared_xacts'],
  ...['psql', 'psql_crosstab', 'psql_pipeline', 'xid', 'numeric_big', 'infinite_recurse', 'vacuum_parallel'],
  ...['combocid', 'join', 'sanity_check', 'oidjoins', 'opr_sanity', 'type_sanity', 'misc_sanity', 'regex'],
]);

/** Its statements, of which some fail. Undefined: it cannot be read. */
export async function suiteEntries(
  { name, path }: Suite,
  root: string,
): Promise<readonly Entry[] | undefined> {
  const text = readFileSync(path, 'utf8')
    .replaceAll(":'abs_srcdir'", `'${root}'`)
    // A query in front of \gset, \gexec … is sent all the same.
    .replaceAll(/^(.*[^\\\s].*?)\s*\\(?:g(?:set|exec|desc|x)?|crosstabview)\b.*$/gm, '$1;')
    .replaceAll(/^\s*\\(?!\.$).*$/gm, '');
  const options = { ...DEFAULT_READING, syntaxCheck: false };
  const read = await readScripts([{ name, bytes: Buffer.from(text) }], options);
  if (!read.ok) return undefined;
  const statements = read.value[0]?.statements ?? [];
  const entries = await Promise.all(statements.map(entryOf));
  return entries.filter(({ text: own }) => own.trim() !== ';' && !OF_THE_SERVER.test(own));
}

async function entryOf({ text, data }: Statement): Promise<Entry> {
  // Entries stand between blank lines.
  const sent = `${renderTemplate(text)
    .text.trim()
    .replaceAll(/\n\s*\n/g, '\n')};`;
  if (data === undefined) return { text: sent };
  const input = copyInputs(data)();
  return { text: sent, data: await textOf(Readable.from(input)) };
}

const OF_THE_SERVER =
  /^\s*(?:(?:create|drop|alter)\s+(?:database|tablespace|subscription|system)|load|listen|set\s+(?:session\s+)?(?:statement_timeout|deadlock)|vacuum\s*(?:[(;]|full|analyze|verbose)|copy\b.*\bto\s+stdout)/i;

/** Those that succeed one after another; of a block all or nothing. */
export function succeeding(
  scratch: Scratch,
  database: string,
  entries: readonly Entry[],
): Promise<readonly Entry[]> {
  return scratch.session(database, (client) => keep(client, entries));
}

async function keep(client: pg.Client, entries: readonly Entry[]): Promise<readonly Entry[]> {
  const kept: Entry[] = [];
  let block: Entry[] | undefined;
  let hasFailed = false;
  for (const entry of entries) {
    const failure = await send(client, entry);
    if (block !== undefined) {
      block.push(entry);
      hasFailed ||= failure !== undefined;
      if (!endsBlock(entry.text)) continue;
      if (!hasFailed) kept.push(...block);
      block = undefined;
    } else if (failure === undefined && beginsBlock(entry.text)) [block, hasFailed] = [[entry], false];
    else if (failure === undefined) kept.push(entry);
  }
  return kept;
}
