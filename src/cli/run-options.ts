import { statSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { RunOptions } from '../api/options.js';
import { askAtTerminal } from './ask.js';
import { InputError } from '../model/diagnostic.js';
import { DEFAULT_PRINT, type PrintSettings } from '../model/print.js';
import { applyPset } from '../script/pset.js';
import { RESULT_FORMATS, type CommandLine, type Flags } from './options.js';
import { askPassword } from './password.js';

/** Flags as given → RunOptions. Options that were not given stay absent, so that a manifest's defaults can fill in. */
export async function toRunOptions({ paths, flags }: CommandLine): Promise<RunOptions> {
  return withoutUndefined({
    paths: [...(flags.file ?? []), ...paths],
    commands: flags.command,
    filesFrom: flags.filesFrom,
    variables: withEcho(flags),
    print: printSettings(flags),
    unordered: flags.unordered,
    targets: flags.target,
    targetsFrom: flags.targetsFrom,
    eachSchema: flags.eachSchema,
    maxConnections: flags.maxConnections,
    withTarget: flags.withTarget,
    first: flags.first,
    mergeOrder: flags.mergeOrder,
    resultDirectory: resultDirectory(flags),
    ask: isatty(0) ? askAtTerminal : undefined,
    connection: withoutUndefined({
      host: flags.host,
      port: flags.port,
      user: flags.username,
      dbname: flags.dbname,
      noPassword: flags.neverPassword,
      password: flags.password === true ? await askPassword() : undefined,
    }),
    embedded: flags.embedded === '' ? true : flags.embedded,
    jobs: flags.jobs,
    threads: flags.threads,
    order: flags.order,
    strictOrder: flags.strictOrder,
    singleTransaction: flags.singleTransaction,
    snapshot: flags.snapshot,
    splitCopy: flags.splitCopy,
    autoSplit: flags.autoSplit,
    bind: flags.bind,
    // `--no-syntax-check` has the default true, which must not hide a manifest's.
    syntaxCheck: flags.syntaxCheck ? undefined : false,
    keepGoing: flags.keepGoing,
    retries: flags.retries,
    statementTimeout: flags.statementTimeout,
    lockTimeout: flags.lockTimeout,
    idleInTransactionTimeout: flags.idleInTransactionTimeout,
    deadline: flags.deadline,
    maxRate: flags.maxRate,
    pauseWhen: flags.pauseWhen,
    maxReplicaLag: flags.maxReplicaLag,
    maxActive: flags.maxActive,
    drain: flags.drain,
    journal: flags.journal === '' ? true : flags.journal,
    run: flags.run,
    restart: flags.restart,
    acceptChanges: flags.acceptChanges,
    join: flags.join,
    onError: flags.onError,
    shuffle: flags.shuffle,
    history: flags.history,
    serverCores: flags.serverCores,
    set: flags.set,
    synchronousCommit: flags.synchronousCommit,
    initSql: flags.initSql,
    exitSql: flags.exitSql,
  });
}

/** `-a`, `-e` and `-b` set the variable ECHO, as in psql; one that `-v` sets wins. */
function withEcho({ variable, echoAll, echoQueries, echoErrors }: Flags): Flags['variable'] {
  const echo =
    echoAll === true ? 'all' : echoQueries === true ? 'queries' : echoErrors === true ? 'errors' : undefined;
  return echo === undefined ? variable : { ECHO: echo, ...variable };
}

/** The short options are `\pset` in other words; `-P` comes last. */
function printSettings(flags: Flags): PrintSettings {
  const short: readonly (readonly [boolean, string, string | undefined])[] = [
    [flags.align === false, 'format', 'unaligned'],
    [flags.html === true, 'format', 'html'],
    [flags.csv === true, 'format', 'csv'],
    [flags.tuplesOnly === true || flags.header === false, 'tuples_only', 'on'],
    [flags.expanded === true, 'expanded', 'on'],
    [flags.fieldSeparator !== undefined, 'fieldsep', flags.fieldSeparator],
    [flags.recordSeparator !== undefined, 'recordsep', flags.recordSeparator],
    [flags.fieldSeparatorZero === true, 'fieldsep_zero', undefined],
    [flags.recordSeparatorZero === true, 'recordsep_zero', undefined],
  ];
  const given = short.flatMap(([isGiven, name, value]) => (isGiven ? [[name, value] as const] : []));
  const long = (flags.pset ?? []).map((text) => {
    const [, name = text, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    return [name, value] as const;
  });
  let settings = withFormat(DEFAULT_PRINT, flags.format);
  for (const [name, value] of [...given, ...long]) {
    const changed = applyPset(settings, name, value);
    if (!changed.ok) {
      const { message, hint } = changed.fault;
      throw new InputError([{ severity: 'error', message, ...(hint === undefined ? {} : { hint }) }]);
    }
    settings = changed.settings;
  }
  return settings;
}

function withFormat(settings: PrintSettings, format: Flags['format']): PrintSettings {
  const known = RESULT_FORMATS.find((name) => name === format);
  return known === undefined ? settings : { ...settings, format: known === 'table' ? 'aligned' : known };
}

/** `-o` with a slash at its end, or of a directory that is there. */
export function resultDirectory({ output }: Pick<Flags, 'output'>): string | undefined {
  if (output === undefined) return undefined;
  const isDirectory =
    output.endsWith('/') || statSync(output, { throwIfNoEntry: false })?.isDirectory() === true;
  return isDirectory ? output.replace(/(?<=.)\/+$/, '') : undefined;
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** exactOptionalPropertyTypes: an option is there or it is not. */
function withoutUndefined<T extends object>(fields: T): Present<Partial<T>> {
  // Object.fromEntries loses the keys' types; only undefined values are left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<
    Partial<T>
  >;
}
