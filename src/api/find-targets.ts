import type { SessionTarget } from '../db/task.js';
import { openClient } from '../db/open.js';
import { resolveConnection, systemSurroundings, type ConnectionFlags } from '../db/settings/resolve.js';
import type { ConnectionSettings } from '../db/settings/settings.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import { quoteIdentifier } from '../script/variables.js';
import { valueOf } from './value-of.js';
import type { NamedTarget, RunOptions, SettledOptions } from './options.js';
import { ConnectError, findServer, type Server } from './server.js';

/**
 * The databases that a run goes to: the one that the connection options lead to; or those that are named one by one; or
 * what a query on that one names; or its schemas, of which each counts as a database (search_path leads there).
 */
export interface FoundTargets {
  readonly targets: readonly FoundTarget[];
  readonly warnings: readonly Diagnostic[];
  stop(): Promise<void>;
}

export interface FoundTarget extends SessionTarget {
  /** Undefined: there is but one, and nobody has named it. */
  readonly name: string | undefined;
}

/**
 * On the server that is given, or else where the options lead. Throws InputError, or ConnectError where a server must be asked
 * and does not answer.
 */
export async function findTargets(
  options: RunOptions,
  settled: SettledOptions,
  given?: Server,
): Promise<FoundTargets> {
  const { serverSettings, targets } = settled;
  checkKinds(options, settled);
  checkResults(options, settled);
  if (targets.length > 0) {
    const found = targets.map((target) => resolveTarget(target, options.connection));
    const named = found.map(({ value }, index) => ({
      name: targets[index]?.name,
      settings: value,
      serverSettings,
    }));
    checkNames(named);
    return {
      targets: named,
      warnings: found.flatMap(({ warnings }) => warnings),
      stop: () => Promise.resolve(),
    };
  }
  const server = given ?? (await findServer(options, settled.jobs));
  try {
    return { ...server, targets: await targetsOn(server.value, { options, settled }) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** True when a run goes to named targets, however many. */
export function hasTargets({ targetsFrom, eachSchema }: RunOptions, { targets }: SettledOptions): boolean {
  return targets.length > 0 || targetsFrom !== undefined || eachSchema !== undefined;
}

async function targetsOn(
  settings: ConnectionSettings,
  { options, settled }: { readonly options: RunOptions; readonly settled: SettledOptions },
): Promise<readonly FoundTarget[]> {
  const { serverSettings } = settled;
  const { eachSchema, targetsFrom } = options;
  if (eachSchema !== undefined) {
    const rows = await ask(settings, { option: '--each-schema', text: SCHEMAS, values: [eachSchema] });
    if (rows.length === 0)
      throw fault(
        `no schema is like “${eachSchema}”`,
        'write a pattern of LIKE: % stands for anything, _ for one letter',
      );
    return rows.map(([schema = '']) => ({
      name: schema ?? '',
      settings,
      serverSettings: { ...serverSettings, search_path: quoteIdentifier(schema ?? '') },
    }));
  }
  if (targetsFrom !== undefined) {
    const rows = await ask(settings, { option: '--targets-from', text: targetsFrom, values: [] });
    const found = rows.map(([name, dsn]) => {
      if (typeof name !== 'string' || typeof dsn !== 'string' || name === '')
        throw fault('--targets-from: a name or a DSN is missing, empty or NULL', TARGETS_FROM_HINT);
      const { value } = resolveTarget({ name, dsn }, options.connection);
      return { name, settings: value, serverSettings };
    });
    if (found.length === 0) throw fault('--targets-from gives no row', TARGETS_FROM_HINT);
    checkNames(found);
    return found;
  }
  return [{ name: undefined, settings, serverSettings }];
}

/** A plain database name is one of the server that the other options lead to; a DSN says everything itself. */
function resolveTarget(
  { name, dsn }: NamedTarget,
  connection: ConnectionFlags = {},
): { readonly value: ConnectionSettings; readonly warnings: readonly Diagnostic[] } {
  const { noPassword } = connection;
  const isName = !/=|:\/\//.test(dsn);
  const flags = isName
    ? { ...connection, dbname: dsn }
    : { dbname: dsn, ...(noPassword === undefined ? {} : { noPassword }) };
  const resolved = resolveConnection(flags, systemSurroundings());
  if (resolved.ok) return valueOf(resolved);
  throw new InputError(
    resolved.diagnostics.map((diagnostic) => ({
      ...diagnostic,
      message: `target ${name}: ${diagnostic.message}`,
    })),
  );
}

function checkKinds(
  { targetsFrom, eachSchema, embedded }: RunOptions,
  { targets, mergeOrder }: SettledOptions,
): void {
  const kinds = [
    ...(targets.length > 0 ? ['--target'] : []),
    ...(targetsFrom === undefined ? [] : ['--targets-from']),
    ...(eachSchema === undefined ? [] : ['--each-schema']),
  ];
  if (kinds.length > 1) throw fault(`${kinds.join(' and ')} both say where to go`, 'keep one of them');
  if (mergeOrder !== undefined && kinds.length === 0)
    throw fault(
      '--merge-order merges the results of several databases',
      'name them with --target, --targets-from or --each-schema',
    );
  if (targets.length > 0 && embedded !== undefined && embedded !== false)
    throw fault('--target and --embedded both say where to go', 'keep one of them');
}

/** What is asked of results that only a run over named targets has. */
function checkResults(options: RunOptions, settled: SettledOptions): void {
  const { first = false, withTarget = false } = options;
  if (first && settled.resultDirectory !== undefined)
    throw fault(
      '--first gives one row, and -o DIR/ a file for each query',
      'give -o a file, or leave it out',
    );
  if (hasTargets(options, settled) || (!first && !withTarget)) return;
  throw first
    ? fault(
        '--first is for runs over several databases',
        'end the query with LIMIT 1, or name the databases: --target NAME=DSN',
      )
    : fault('--with-target: the database has no name', 'give it one: --target NAME=DSN');
}

function checkNames(targets: readonly FoundTarget[]): void {
  const names = targets.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw fault(`two targets have the name “${twice}”`, 'give each a name of its own');
}

/** The first two columns, as text. */
async function ask(
  settings: ConnectionSettings,
  {
    option,
    text,
    values,
  }: { readonly option: string; readonly text: string; readonly values: readonly string[] },
): Promise<readonly (readonly (string | null)[])[]> {
  const opened = await openClient(settings, { applicationName: 'pqrun: targets', serverSettings: {} });
  if (!opened.ok)
    throw new ConnectError(opened.failure, { needsPassword: opened.needsPassword && settings.mayPrompt });
  const { client } = opened;
  try {
    // Whatever their types are: names and DSNs are what the server writes.
    const types = { getTypeParser: () => (value: string) => value };
    // The extended protocol takes one statement, whose rows are then the answer.
    const query = { text, values: [...values], rowMode: 'array', types, queryMode: 'extended' } as const;
    return (await client.query<(string | null)[]>(query)).rows;
  } catch (error) {
    throw fault(`${option}: ${error instanceof Error ? error.message : String(error)}`, TARGETS_FROM_HINT);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function fault(message: string, hint: string): InputError {
  return new InputError([{ severity: 'error', message, hint }]);
}

const SCHEMAS = 'SELECT nspname::text FROM pg_catalog.pg_namespace WHERE nspname LIKE $1 ORDER BY nspname';
const TARGETS_FROM_HINT =
  "write a query of two columns, a name and a DSN: --targets-from 'SELECT name, dsn FROM shards'";
