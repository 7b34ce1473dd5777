import { join } from 'node:path';
import { run, type Database } from './program.js';

/** What pg_dump and pg_dumpall write, and where two such texts differ. */

export interface DumpForm {
  readonly program?: 'pg_dump' | 'pg_dumpall';
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export async function dump(
  database: Database,
  { program = 'pg_dump', args = [], env = {} }: DumpForm = {},
): Promise<Buffer> {
  const dumped = await run(database, { argv: [join(database.server.bin, program), ...args], env });
  return program === 'pg_dump' ? dumped : restorable(dumped);
}

/**
 * What pg_dumpall writes, made fit for a cluster that initdb has just made: that has a superuser already, and a
 * tablespace in the data directory, of which pg_dumpall 15 says where it is, is made by no other location than ''.
 */
function restorable(dumped: Buffer): Buffer {
  const text = dumped.toString().replace(/^CREATE ROLE postgres;\n/m, '');
  return Buffer.from(text.replace(/^(CREATE TABLESPACE .* LOCATION) 'pg_tblspc\/\d+';$/gm, "$1 '';"));
}

export interface Difference {
  /** Counted from 1. */
  readonly line: number;
  readonly expected: string | undefined;
  readonly actual: string | undefined;
}

/** How much of a line is shown. */
const SHOWN = 300;

/** The first line in which two dumps differ. The keys of \restrict, random in each dump, do not count. */
export function firstDifference(expected: Buffer, actual: Buffer): Difference | undefined {
  if (expected.equals(actual)) return undefined;
  const [left, right] = [lines(expected), lines(actual)];
  const index = left.findIndex((line, at) => line !== right[at]);
  if (index === -1 && left.length === right.length) return undefined;
  const at = index === -1 ? left.length : index;
  return { line: at + 1, expected: left[at]?.slice(0, SHOWN), actual: right[at]?.slice(0, SHOWN) };
}

/** The same dump with the rows of each COPY in one order: loading over several connections leaves them in any. */
export function withSortedRows(dumped: Buffer): Buffer {
  const sorted: string[] = [];
  let rows: string[] | undefined;
  for (const line of lines(dumped)) {
    if (rows === undefined) {
      sorted.push(line);
      // A table's name may be of several lines.
      if (line.endsWith(' FROM stdin;')) rows = [];
    } else if (line === '\\.') {
      for (const row of rows.sort()) sorted.push(row);
      sorted.push(line);
      rows = undefined;
    } else {
      rows.push(line);
    }
  }
  return Buffer.from([...sorted, ...(rows ?? [])].join('\n'));
}

function lines(dumped: Buffer): string[] {
  const keyless = dumped.toString().replace(/^\\(un)?restrict [0-9A-Za-z]+$/gm, '\\$1restrict');
  return keyless.split('\n');
}
