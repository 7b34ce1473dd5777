import { findPsql } from '../bench/measure.js';
import { isHarmless } from './harmless.js';
import type { Recorder } from './recorder.js';
import { withScriptDirectory } from './script-directory.js';
import type { GeneratedScript } from './script.js';
import { SmallShell, type Ended } from './small-shell.js';

/** What psql did with a script. Status 0: it came to the end, 3: it stopped at an error, null: it was killed. */
export interface Told extends Ended {
  readonly statements: readonly Buffer[];
  readonly copyData: readonly Buffer[];
  /** True when the server answered with an error: the cause of status 3. */
  readonly serverFailed: boolean;
}

export function runPsql(script: GeneratedScript, recorder: Recorder): Promise<Told> {
  return withScriptDirectory(script, (directory) => runPsqlIn(directory, { script, recorder }));
}

/** Runs psql in a directory that holds the files of the script. */
export async function runPsqlIn(
  directory: string,
  { script, recorder }: { script: GeneratedScript; recorder: Recorder },
): Promise<Told> {
  if (!isHarmless(script)) throw new Error('refused to let psql run a script that might start a shell');
  const name = `oracle-${++runs}`;
  const shell = idle.pop() ?? new SmallShell(ENVIRONMENT);
  const ended = await shell.run({
    program: psql,
    args: [...ARGUMENTS, ...script.args, '-f', 'main.sql'],
    cwd: directory,
    env: { PGPORT: String(recorder.port), PGAPPNAME: name },
    longest: LONGEST,
  });
  idle.push(shell);
  const { statements, copyData, failed } = recorder.take(name);
  return {
    ...ended,
    statements: statements,
    copyData: copyData.map(withoutTerminator),
    serverFailed: failed,
  };
}

let runs = 0;
const idle: SmallShell[] = [];
const psql = findPsql();
const ARGUMENTS = ['-X', '-q', '-v', 'ON_ERROR_STOP=1'];
const ENVIRONMENT = {
  PATH: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  PGHOST: '127.0.0.1',
  PGUSER: 'postgres',
  PGDATABASE: 'postgres',
  PGSSLMODE: 'disable',
  PGGSSENCMODE: 'disable',
  PGPASSFILE: '/nonexistent/pgpass',
};
/** In milliseconds. */
const LONGEST = 10_000;

/** psql before 18 sends the line that ends the data with them. */
function withoutTerminator(data: Buffer): Buffer {
  const text = data.toString('latin1');
  return data.subarray(0, text.length - (/(?<=^|\n)\\\.\r?\n?$/.exec(text)?.[0].length ?? 0));
}
