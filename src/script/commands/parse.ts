import { closest } from '../did-you-mean.js';
import type { Fault } from '../faults.js';
import { parseBoolean } from '../boolean.js';
import type { Argument, ArgumentReader } from './arguments.js';
import type { CommandCall, Condition, EchoTarget, Word } from './call.js';
import { parseConnect } from './connect.js';
import { parseCopy } from './copy.js';
import { parseSend } from './send.js';

/**
 * The meta-commands that pqrun knows (PostgreSQL documentation, psql, "Meta-Commands"): each takes its arguments from the
 * line and says what it asks for. Nothing is done here.
 *
 * Names are case sensitive, but for `\copy`. What runs a shell or needs a person is refused, and so is what only shows
 * the catalog: a script that builds a database does not need it.
 */
export type ParsedCommand = CommandCall | { readonly kind: 'fault'; readonly fault: Fault };

type Parse = (args: ArgumentReader, name: string) => ParsedCommand;

export function parseCommand(name: string, args: ArgumentReader): ParsedCommand {
  const known = COMMANDS.get(name.toLowerCase() === 'copy' ? 'copy' : name);
  if (known !== undefined) return known(args, name);
  return fault(...unknownCommand(name));
}

/** How much of the line a command takes in a branch that is not taken. */
export function passArguments(name: string, args: ArgumentReader): Fault | undefined {
  if (!isKnown(name)) {
    const [message, hint] = unknownCommand(name);
    return { message, hint };
  }
  if (WHOLE_LINE.has(name.toLowerCase() === 'copy' ? 'copy' : name)) args.rest();
  else if (FILE_FIRST.has(name)) args.nextFile();
  args.all();
  return undefined;
}

function isKnown(name: string): boolean {
  return COMMANDS.has(name) || name.toLowerCase() === 'copy' || REFUSED.has(name) || isDescribe(name);
}

const WHOLE_LINE: ReadonlySet<string> = new Set([
  'copy',
  '!',
  'h',
  'help',
  'ef',
  'ev',
  'sf',
  'sf+',
  'sv',
  'sv+',
]);
const FILE_FIRST: ReadonlySet<string> = new Set(['g', 'gx', 'o', 'out', 'w', 'write']);

const COMMANDS: ReadonlyMap<string, Parse> = new Map<string, Parse>([
  ['a', () => ({ kind: 'toggle-aligned' })],
  ['C', (args) => printOption('title', args.next())],
  ...both(['c', 'connect'], (args) => parseConnect(args)),
  ['cd', (args) => ({ kind: 'directory', path: optional(args.nextBare()) })],
  ['copy', (args) => copy(args.rest())],
  ...both(['echo', 'qecho', 'warn'], echo),
  ['elif', (args) => ({ kind: 'elif', condition: condition(args) })],
  ['else', () => ({ kind: 'else' })],
  ['encoding', (args) => ({ kind: 'encoding', name: optional(args.next()) })],
  ['endif', () => ({ kind: 'endif' })],
  ['f', (args) => printOption('fieldsep', args.next())],
  ...both(['g', 'gx'], (args, name) => parseSend(args, name)),
  ['gdesc', () => ({ kind: 'send', how: { kind: 'gdesc' } })],
  ['getenv', getenv],
  ['gexec', () => ({ kind: 'send', how: { kind: 'gexec' } })],
  ['gset', (args) => ({ kind: 'send', how: { kind: 'gset', prefix: word(args.next()) } })],
  ...both(['H', 'html'], () => printOption('format', { text: 'html', isUnknown: false })),
  ...both(['i', 'include', 'ir', 'include_relative'], include),
  ['if', (args) => ({ kind: 'if', condition: condition(args) })],
  ...both(['o', 'out'], (args) => ({ kind: 'output', file: optional(args.nextFile()) })),
  ...both(['p', 'print'], () => ({ kind: 'print-buffer' })),
  ['prompt', prompt],
  ['pset', pset],
  ...both(['q', 'quit'], () => ({ kind: 'quit' })),
  ...both(['r', 'reset'], () => ({ kind: 'reset' })),
  ...both(['restrict', 'unrestrict'], restrict),
  ['set', set],
  ['t', (args) => printOption('tuples_only', args.next())],
  ['T', (args) => printOption('tableattr', args.next())],
  ['timing', (args) => ({ kind: 'timing', value: optional(args.next()) })],
  ['unset', unset],
  ['x', (args) => printOption('expanded', args.next())],
]);

function both(names: readonly string[], parse: Parse): readonly (readonly [string, Parse])[] {
  return names.map((name) => [name, parse] as const);
}

function fault(message: string, hint: string): ParsedCommand {
  return { kind: 'fault', fault: { message, hint } };
}

function word(argument: Argument | undefined): Word {
  return argument === undefined ? NOTHING : { text: argument.text, isUnknown: argument.isUnknown };
}

const NOTHING: Word = { text: '', isUnknown: false };

function optional(argument: Argument | undefined): Word | undefined {
  return argument === undefined ? undefined : word(argument);
}

function join(list: readonly Word[], separator: string): Word {
  const text = list.map((part) => part.text).join(separator);
  return { text, isUnknown: list.some(({ isUnknown }) => isUnknown) };
}

function missing(name: string, example: string): ParsedCommand {
  return fault(`\\${name}: missing required argument`, `write it as in \\${name} ${example}`);
}

/** `-n`, unquoted and first, leaves out the line feed. */
function echo(args: ArgumentReader, name: string): ParsedCommand {
  const list = args.all();
  const [first] = list;
  const noLine = first !== undefined && !first.isQuoted && first.text === '-n';
  const { text, isUnknown } = join(noLine ? list.slice(1) : list, ' ');
  return {
    kind: 'echo',
    to: ECHO_TARGETS[name] ?? 'stdout',
    text: { text: noLine ? text : `${text}\n`, isUnknown },
  };
}

const ECHO_TARGETS: Readonly<Record<string, EchoTarget>> = {
  echo: 'stdout',
  qecho: 'results',
  warn: 'stderr',
};

/** All arguments together are the boolean; what is none is false, and psql says so. */
function condition(args: ArgumentReader): Condition {
  const { text, isUnknown } = join(args.all(), ' ');
  if (isUnknown) return 'unknown';
  const value = parseBoolean(text);
  if (value === undefined)
    args.warn(`unrecognized value "${text}" for a condition: Boolean expected; it counts as false`);
  return value === true ? 'true' : 'false';
}

function include(args: ArgumentReader, name: string): ParsedCommand {
  const path = args.nextBare();
  if (path === undefined) return missing(name, 'file.sql');
  return { kind: 'include', path: word(path), relative: name === 'ir' || name === 'include_relative' };
}

function getenv(args: ArgumentReader): ParsedCommand {
  const [name, environment] = [args.next(), args.next()];
  if (name === undefined || environment === undefined)
    return missing('getenv', 'variable ENVIRONMENT_VARIABLE');
  return { kind: 'getenv', name: word(name), environment: word(environment) };
}

/** The value is its arguments, one directly behind the other. */
function set(args: ArgumentReader): ParsedCommand {
  const name = args.next();
  if (name === undefined) return { kind: 'list-variables' };
  return { kind: 'set', name: word(name), value: join(args.all(), '') };
}

function unset(args: ArgumentReader): ParsedCommand {
  const name = args.next();
  return name === undefined ? missing('unset', 'name') : { kind: 'unset', name: word(name) };
}

function pset(args: ArgumentReader): ParsedCommand {
  const [name, value] = [args.next(), args.next()];
  if (name === undefined) return fault('\\pset without an option only shows the settings', 'name an option');
  return printOption(name.text, value);
}

function printOption(name: string, value: Word | undefined): ParsedCommand {
  return { kind: 'print-option', name, value: value && { text: value.text, isUnknown: value.isUnknown } };
}

function prompt(args: ArgumentReader): ParsedCommand {
  const [first, second] = [args.next(), args.next()];
  if (first === undefined) return missing('prompt', "'question' name");
  if (second === undefined) return { kind: 'prompt', name: word(first), question: undefined };
  return { kind: 'prompt', name: word(second), question: word(first) };
}

function restrict(args: ArgumentReader, name: string): ParsedCommand {
  const key = args.nextBare();
  if (key === undefined || key.text === '') return missing(name, 'key');
  return { kind: name === 'restrict' ? 'restrict' : 'unrestrict', key: word(key) };
}

function copy(text: string): ParsedCommand {
  const parsed = parseCopy(text);
  if (parsed.ok) return { kind: 'copy', copy: parsed.copy };
  return fault(
    parsed.message,
    parsed.isShell ? USE_PSQL : "write it as in \\copy table from 'file' (format csv)",
  );
}

const USE_PSQL = 'remove it, or run this script with psql';

/** Known to psql, and not run: message by name. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...each(['!', 'setenv', 's'], 'runs a shell command or changes its environment, which pqrun never does'),
  ...each(['w', 'write'], 'writes the statement to a file, which pqrun does not do'),
  ...each(['e', 'edit', 'ef', 'ev', 'password'], 'needs a person at a terminal'),
  ...each(['watch'], 'runs a statement again and again without end'),
  ...each(
    [
      '?',
      'copyright',
      'conninfo',
      'errverbose',
      'h',
      'help',
      'l',
      'l+',
      'list',
      'list+',
      'sf',
      'sf+',
      'sv',
      'sv+',
      'z',
      'zS',
      'lo_list',
      'lo_list+',
    ],
    'only shows something, and is not run by pqrun',
  ),
  ...each(['crosstabview', 'lo_import', 'lo_export', 'lo_unlink'], 'is not supported'),
  ...each(
    [
      'bind',
      'bind_named',
      'parse',
      'close',
      'close_prepared',
      'startpipeline',
      'endpipeline',
      'flush',
      'flushrequest',
      'getresults',
      'sendpipeline',
      'syncpipeline',
    ],
    'is not supported',
  ),
]);

function each(names: readonly string[], why: string): readonly (readonly [string, string])[] {
  return names.map((name) => [name, why] as const);
}

/** `\d…`, the commands that describe. */
function isDescribe(name: string): boolean {
  return /^d[A-Za-z]*[S+x]*$/.test(name);
}

/** Message and hint. */
function unknownCommand(name: string): [string, string] {
  if (name === '')
    return ['a backslash outside quotes', 'remove it, or write the name of a meta-command behind it'];
  const why =
    REFUSED.get(name) ?? (isDescribe(name) ? 'only shows something, and is not run by pqrun' : undefined);
  if (why !== undefined) return [`\\${name} ${why}`, USE_PSQL];
  const meant = closest(
    name,
    [...COMMANDS.keys()].filter((known) => known.length > 1),
  );
  return [
    `invalid command \\${name}`,
    meant === undefined ? 'psql does not know it either' : `did you mean \\${meant}?`,
  ];
}
