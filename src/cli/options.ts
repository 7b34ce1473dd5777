import { Command, Option } from 'commander';
import type { NamedTarget } from '../api/options.js';
import { maskSecrets } from '../db/settings/secrets.js';
import type { Order } from '../model/script.js';
import type { SplitCopy } from '../plan/copy-pieces.js';
import { declareCheck, type CheckFlags } from './check-options.js';
import { declareTune, type TuneFlags } from './tune-options.js';
import { declareJournal } from './journal-options.js';
import { EXPLAIN_HELP, PLAN_HELP, RUN_HELP } from './help.js';
import { addSafetyOptions, type SafetyFlags } from './safety-options.js';
import { addTarget, assign, collect, cores, positive, seed } from './option-values.js';
import { PLAN_FORMATS, type PlanFormat } from '../report/plan/formats.js';
import { VERSION } from '../version.js';

/**
 * The command line: psql's names where psql has one, make's for the rest (`-h` is the host; help is `--help`).
 * This page only declares and checks options; what they mean is decided behind RunOptions.
 */
export interface CommandLine {
  readonly command: 'run' | 'plan' | 'check' | 'explain' | 'tune' | 'journal';
  readonly paths: readonly string[];
  readonly flags: Flags;
}

export const RESULT_FORMATS = ['table', 'csv', 'tsv', 'json', 'ndjson'] as const;
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** As commander names them. Repeatable options are lists, the rest is absent when not given. */
export interface Flags extends CheckFlags, TuneFlags, SafetyFlags {
  readonly host?: string;
  readonly port?: string;
  readonly username?: string;
  readonly dbname?: string;
  /** `-w`: false; commander's name for `--no-…`. */
  readonly password?: boolean;
  readonly neverPassword?: boolean;
  /** `--embedded`: empty; `--embedded=DIR`: the directory. */
  readonly embedded?: string;
  readonly command?: readonly string[];
  readonly file?: readonly string[];
  readonly filesFrom?: readonly string[];
  readonly variable?: Readonly<Record<string, string>>;
  readonly singleTransaction?: boolean;
  readonly snapshot?: boolean;
  readonly splitCopy?: SplitCopy;
  readonly autoSplit?: boolean;
  readonly bind?: boolean;
  readonly syntaxCheck: boolean;
  readonly jobs?: number;
  readonly threads?: number;
  readonly order?: Order;
  readonly strictOrder?: boolean;
  readonly keepGoing?: boolean;
  readonly onError?: 'finish' | 'cancel';
  readonly shuffle?: number;
  readonly dryRun?: boolean;
  readonly serverCores?: number | 'off';
  readonly set?: Readonly<Record<string, string>>;
  /** False with --no-history. */
  readonly history?: boolean;
  readonly synchronousCommit?: boolean;
  readonly initSql?: string;
  readonly exitSql?: string;
  readonly quiet?: boolean;
  readonly echoAll?: boolean;
  readonly echoQueries?: boolean;
  readonly echoErrors?: boolean;
  readonly csv?: boolean;
  /** False with -A. */
  readonly align?: boolean;
  readonly tuplesOnly?: boolean;
  readonly expanded?: boolean;
  readonly html?: boolean;
  readonly fieldSeparator?: string;
  readonly recordSeparator?: string;
  readonly fieldSeparatorZero?: boolean;
  readonly recordSeparatorZero?: boolean;
  readonly pset?: readonly string[];
  readonly events?: string;
  readonly insights?: boolean;
  /** Of `run`: how results are printed; of the others: how the answer is. */
  readonly format?: 'text' | ResultFormat | PlanFormat;
  readonly output?: string;
  readonly target?: readonly NamedTarget[];
  readonly targetsFrom?: string;
  readonly eachSchema?: string;
  readonly maxConnections?: number;
  readonly withTarget?: boolean;
  readonly first?: boolean;
  readonly mergeOrder?: string;
  readonly unordered?: boolean;
  /** False with --no-header. */
  readonly header?: boolean;
  /** Of `explain`. */
  readonly analyze?: boolean;
}

/**
 * `run` is what the program does when no other command is named, so that `pqrun --help` shows its options; the word
 * itself is dropped by `normalize`.
 */
export function declareProgram(act: (line: CommandLine) => Promise<void>): Command {
  const program = new Command('pqrun')
    .description('make -j for PostgreSQL scripts: the same database, over N persistent connections')
    .usage(
      '[run] [options] PATH...\n       pqrun plan [options] PATH...\n       pqrun check [options] PATH...\n       pqrun explain [options] PATH...\n       pqrun tune [options] PATH...\n       pqrun journal list | show RUN | forget RUN | export RUN',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('--help', 'print this help')
    .helpCommand(false)
    // `plan` has options of the same names: those behind the word are its own.
    .enablePositionalOptions()
    .configureHelp({ optionTerm: (option) => option.flags.replace(/ \[(\w+)\]$/, '[=$1]') })
    .showHelpAfterError('(try pqrun --help)')
    .configureOutput({ outputError: (text, write) => write(maskSecrets(text)) });
  addInputOptions(program);
  addRunOptions(program);
  addTargetOptions(program);
  addConnectionOptions(program);
  program.addHelpText('after', RUN_HELP);
  program.action((paths: string[], flags: Flags) => act({ command: 'run', paths, flags }));

  const plan = program
    .command('plan')
    .description('print the jobs and what each waits for; run nothing')
    .helpOption('--help', 'print this help')
    .usage('[options] PATH...');
  addInputOptions(plan);
  plan
    .addOption(new Option('--format <format>', 'how to print it').choices(PLAN_FORMATS).default('text'))
    .option('--set <name=value>', 'a server setting of the session; may be given again', assign);
  addWhereOptions(plan.optionsGroup('Many databases at once:'));
  addConnectionOptions(plan);
  plan.addHelpText('after', PLAN_HELP);
  plan.action((paths: string[], flags: Flags) => act({ command: 'plan', paths, flags }));
  const parts = { addInputOptions, addConnectionOptions };
  declareCheck(program, parts).action((paths: string[], flags: Flags) =>
    act({ command: 'check', paths, flags }),
  );
  declareExplain(program, act);
  declareTune(program, parts).action((paths: string[], flags: Flags) =>
    act({ command: 'tune', paths, flags }),
  );
  declareJournal(program, parts).action((action: string, run: string | undefined, flags: Flags) =>
    act({ command: 'journal', paths: run === undefined ? [action] : [action, run], flags }),
  );
  return program;
}

/** What `explain` takes, so that the line of a run does for it, too, and has no use for. */
const OF_RUNS: ReadonlySet<string> = new Set([
  '--jobs',
  '--order',
  '--strict-order',
  '--single-transaction',
  '--split-copy',
  '--auto-split',
]);

function declareExplain(program: Command, act: (line: CommandLine) => Promise<void>): void {
  const explain = program
    .command('explain')
    .description(
      'tell which statements PostgreSQL itself runs in parallel, and why not the others; all is rolled back',
    )
    .helpOption('--help', 'print this help')
    .usage('[options] PATH...');
  addInputOptions(explain);
  for (const option of explain.options) if (OF_RUNS.has(option.long ?? '')) option.hideHelp();
  explain
    .option('--analyze', 'run the statements, to see the workers launched, and roll back what they did')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .option('--set <name=value>', 'a server setting of the session; may be given again', assign);
  addConnectionOptions(explain);
  explain.addHelpText('after', EXPLAIN_HELP);
  explain.action((paths: string[], flags: Flags) => act({ command: 'explain', paths, flags }));
}

/**
 * Arguments as commander can read them: without the word `run`; and `--embedded` and `--journal` without a value
 * never take the path behind them for one (`--embedded=DIR` has one).
 */
export function normalize(args: readonly string[]): readonly string[] {
  const [first, ...rest] = args;
  const own = first === 'run' ? rest : args;
  const end = own.indexOf('--');
  const isOption = (word: string, index: number): boolean =>
    OPTIONAL_VALUE.has(word) && (end < 0 || index < end);
  return own.map((word, index) => (isOption(word, index) ? `${word}=` : word));
}

function addInputOptions(command: Command): void {
  command
    .argument('[PATH...]', 'files, directories (every *.sql below, in natural order), manifests, or -')
    .optionsGroup('What to run:')
    .option('-c, --command <sql>', 'run this text; may be given again', collect)
    .option('-f, --file <path>', 'run this file or directory, as PATH; may be given again', collect)
    .option('--files-from <list>', 'run the scripts named in a file, one a line', collect)
    .option('-v, --variable <name=value>', 'set a psql variable; may be given again', assign)
    .option('-1, --single-transaction', 'make each script one transaction')
    .option('--snapshot', 'let all jobs read the same moment; each job is one transaction')
    .addOption(
      new Option(
        '--split-copy <when>',
        'load the data of one COPY over several connections: where nobody could tell (auto, the default), always, never',
      ).choices(['auto', 'always', 'never']),
    )
    .option(
      '--auto-split',
      'split INSERT … SELECT … FROM generate_series(a, b) without a directive, where the rows are the same (order auto)',
    )
    .option('--bind', 'let splits over records send their columns as parameters ($1, $2, …)')
    .option('--no-syntax-check', 'leave the judgement of syntax to the server')
    .optionsGroup('How to run it:')
    .option('-j, --jobs <n>', 'persistent connections (default: the number of cores)', positive)
    .addOption(
      new Option(
        '--order <order>',
        'what may overlap: what cannot change the result (auto, the default), only the pieces of a split (sequential), files of one stage (stages), everything (none)',
      ).choices(['auto', 'sequential', 'stages', 'none']),
    )
    .option('--strict-order', 'let rows be appended to one table in the written order, too (order auto)');
}

function addRunOptions(command: Command): void {
  command
    .option('-k, --keep-going', 'after a failure, run everything that does not depend on it')
    .addOption(
      new Option('--on-error <how>', 'after a failure, let running jobs finish or cancel them').choices([
        'finish',
        'cancel',
      ]),
    )
    .addOption(
      new Option('--shuffle <seed>', 'for tests of a plan: start ready jobs in any order, by this seed')
        .argParser(seed)
        .hideHelp(),
    )
    .option('-n, --dry-run', 'print the plan, run nothing')
    .option('--threads <n>', 'threads that hold the connections (default: one a core)', positive)
    .option('--no-history', 'do not remember how long jobs take, nor use what is remembered')
    .option(
      '--server-cores <n>',
      "cores that jobs and the server's own parallel workers share, or off (default: this machine's, if the server is on it)",
      cores,
    )
    .option('--set <name=value>', 'a server setting of every session; may be given again', assign)
    .option('--synchronous-commit', 'let every commit wait for the disk, as psql does')
    .option('--init-sql <sql>', 'run this once on each connection, first')
    .option('--exit-sql <sql>', 'run this once on each connection, last');
  addSafetyOptions(command);
  command
    .optionsGroup('What to see:')
    .option('-q, --quiet', 'print results and failures only')
    .option('-e, --echo-queries', 'print each statement before its result')
    .option('-a, --echo-all', 'print all lines of scripts as they are read; each script is one job')
    .option('-b, --echo-errors', 'print statements that fail (pqrun always does)')
    .option(
      '-o, --output <path>',
      'results into this file; or into a directory (a slash at its end), one file a query',
    )
    .addOption(new Option('--format <format>', 'print results as this').choices(RESULT_FORMATS))
    .option('--csv', 'print results as CSV')
    .option('--no-header', 'print no line of column names, as -t')
    .option('--unordered', 'print results as they come, not in the written order')
    .option('-A, --no-align', 'print results unaligned')
    .option('-t, --tuples-only', 'print rows only')
    .option('-x, --expanded', 'print one line a column')
    .option('-H, --html', 'print results as HTML')
    .option('-F, --field-separator <text>', 'between columns when unaligned (default: |)')
    .option('-R, --record-separator <text>', 'between rows when unaligned (default: newline)')
    .option('-z, --field-separator-zero', 'a zero byte between columns when unaligned')
    .option('-0, --record-separator-zero', 'a zero byte between rows when unaligned')
    .option('-P, --pset <name[=value]>', "one of psql's print options; may be given again", collect)
    .addOption(new Option('-X, --no-psqlrc', 'accepted for psql; no start-up file is ever read').hideHelp())
    .option('--events <file>', 'write the event stream as NDJSON')
    .option('--insights', 'print what the time of each connection went into, and the slowest statements');
}

function addConnectionOptions(command: Command): void {
  command
    .optionsGroup('Where to run it:')
    .option('-h, --host <host>', 'server host or socket directory')
    .option('-p, --port <port>', 'server port')
    .option('-U, --username <role>', 'role to connect as')
    .option('-d, --dbname <database>', 'database name, URI or conninfo string')
    .option('-w, --never-password', 'never ask for a password')
    .option('-W, --password', 'ask for the password')
    .option('--embedded [dir]', 'start a real PostgreSQL for this run: throw-away, or kept in DIR')
    .optionsGroup('Other:');
}

function addTargetOptions(command: Command): void {
  addWhereOptions(command.optionsGroup('Many databases at once:'))
    .option('--with-target', 'results have the name of their database as the first column')
    .option('--first', 'be done with the first row that any of them gives')
    .option('--merge-order <columns>', "merge results that are sorted by these: 'a, b desc'");
}

function addWhereOptions(command: Command): Command {
  return command
    .option(
      '--target <name=dsn>',
      'go to this database, under this name; given again, to all of them',
      addTarget,
    )
    .option('--targets-from <query>', 'go to the databases that this query gives: a name and a DSN a row')
    .option('--each-schema <pattern>', 'go to each schema that is LIKE this: its search_path')
    .option('--max-connections <n>', 'of all databases together (--jobs is for each)', positive);
}

const OPTIONAL_VALUE: ReadonlySet<string> = new Set(['--embedded', '--journal']);
