import { join } from 'node:path';
import type * as Command from '../cli/main.js';
import { Threads } from '../db/threads.js';
import { loadCompiled } from './compiled.js';

/**
 * What bin/pqrun.js begins with: the first thread of the pool is on its way before the rest of the program is loaded, on two
 * cores at the same time.
 */

declare const BUILD: string;

/** Arguments with which nothing is run. Where one is the value of an option, the first thread starts a little later. */
const RUNS_NOTHING = new Set(['plan', 'explain', 'journal', '-n', '--dry-run', '--help', '-V', '--version']);

const args = process.argv.slice(2);
const threads = args.some((arg) => RUNS_NOTHING.has(arg)) ? undefined : new Threads();
const { exports, keep } = loadCompiled(join(__dirname, 'pqrun.cjs'), `pqrun-${BUILD}`);
const { commandLine } = exports as { readonly commandLine: () => Promise<typeof Command> };
process.once('exit', (status) => {
  // Of a run that has come to its end, and so called what runs call.
  if (threads?.isTaken === true && status === 0) keep();
});
void commandLine().then((command) => command.main(args, threads));
