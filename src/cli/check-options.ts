import { Option, type Command } from 'commander';
import { CHECK_HELP } from './help.js';
import { assign, collect, positive } from './option-values.js';

/** What only `pqrun check` takes. */
export interface CheckFlags {
  readonly ignore?: readonly string[];
  readonly times?: number;
  readonly template?: string;
  readonly keep?: boolean;
  readonly all?: boolean;
}

/** What it has in common with other commands. */
export interface CommonOptions {
  readonly addInputOptions: (command: Command) => void;
  readonly addConnectionOptions: (command: Command) => void;
}

export function declareCheck(program: Command, common: CommonOptions): Command {
  const check = program
    .command('check')
    .description('prove that a parallel run gives the same database as one statement after another')
    .helpOption('--help', 'print this help')
    .usage('[options] PATH...');
  common.addInputOptions(check);
  check
    .option(
      '--times <n>',
      'check so many parallel builds, each in another random order (default: 1)',
      positive,
    )
    .option('--set <name=value>', 'a server setting of every session; may be given again', assign)
    .option('--init-sql <sql>', 'run this once on each connection, first')
    .option('--exit-sql <sql>', 'run this once on each connection, last')
    .optionsGroup('What to compare:')
    .option(
      '--ignore <table[.column]>',
      'leave out its values (clocks, random()); may be given again',
      collect,
    )
    .option('--template <database>', 'begin both builds with a copy of this database')
    .option('--keep', 'leave both databases there')
    .optionsGroup('What to see:')
    .option('--all', 'print all differences, not only the first')
    .option('-q, --quiet', 'print the outcome only')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'));
  common.addConnectionOptions(check);
  return check.addHelpText('after', CHECK_HELP);
}
