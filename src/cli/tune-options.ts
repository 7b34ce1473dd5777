import { Option, type Command } from 'commander';
import type { CommonOptions } from './check-options.js';
import { TUNE_HELP } from './help.js';
import { addSize, assign, time } from './option-values.js';

/** What only `pqrun tune` takes. */
export interface TuneFlags {
  readonly trial?: number;
  readonly size?: readonly number[];
}

/** What `tune` takes, so that the line of a run does for it, too, and has no use for. */
const OF_RUNS: ReadonlySet<string> = new Set([
  ...['--order', '--strict-order', '--single-transaction', '--split-copy', '--auto-split', '--snapshot'],
]);

export function declareTune(program: Command, common: CommonOptions): Command {
  const tune = program
    .command('tune')
    .description(
      'try how many rows a piece of a split should have, and on how many connections; all is rolled back',
    )
    .helpOption('--help', 'print this help')
    .usage('[options] PATH...');
  common.addInputOptions(tune);
  for (const option of tune.options) if (OF_RUNS.has(option.long ?? '')) option.hideHelp();
  tune
    .option(
      '--size <rows>',
      'try pieces of so many rows; may be given again (default: from 1000 on)',
      addSize,
    )
    .option('--trial <time>', 'try each size so long on each number of connections (default: 1s)', time)
    .option('-q, --quiet', 'print the outcome only')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--set <name=value>', 'a server setting of the session; may be given again', assign)
    .option('--init-sql <sql>', 'run this once on each connection, first');
  common.addConnectionOptions(tune);
  return tune.addHelpText('after', TUNE_HELP);
}
