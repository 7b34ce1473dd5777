import { Option, type Command } from 'commander';
import type { CommonOptions } from './check-options.js';

const HELP = `
  list         the runs that the journal knows, and how far each is
  show RUN     what is done of a run
  forget RUN   so that the next pqrun with it begins anew
  export RUN   what is done of a run, as JSON or CSV

Exit status: 0 all well; 1 no such journal or run, or a pqrun works on it; 2 no connection.`;

export function declareJournal(
  program: Command,
  { addConnectionOptions }: Pick<CommonOptions, 'addConnectionOptions'>,
): Command {
  const journal = program
    .command('journal')
    .description('look at what --journal has recorded, or forget a run')
    .helpOption('--help', 'print this help')
    .usage('[options] list | show RUN | forget RUN | export RUN')
    .argument('<action>', 'list, show, forget or export')
    .argument('[run]', "the run's name")
    .option('--journal [schema]', 'the schema that it is in (default: pqrun)')
    .addOption(new Option('--format <format>', 'of export').choices(['json', 'csv']).default('json'));
  addConnectionOptions(journal);
  return journal.addHelpText('after', HELP);
}
