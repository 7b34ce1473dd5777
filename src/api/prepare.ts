import { ConnectionLost } from '../db/connection-lost.js';
import type { CatalogRows } from '../model/catalog-rows.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { isChunkSplit, type Script, type Statement } from '../model/script.js';
import { buildPlan } from '../plan/build.js';
import { inOneSession } from '../plan/journal-units.js';
import { spread } from '../plan/spread.js';
import type { Inputs } from '../script/discover.js';
import { resolveConnection, systemSurroundings } from '../db/settings/resolve.js';
import { meansOff } from '../script/facts.js';
import type { SessionStart } from '../script/script-text.js';
import type { AskRecords } from '../script/records/queries.js';
import type { AutoPlan } from '../plan/auto/auto-plan.js';
import { openAnalysis, replanning, type AskCatalog, type Replanning } from './auto-order.js';
import { readScripts } from '../script/read.js';
import { initSettings } from './read-sql.js';
import { NEVER, type ReplanBudget } from './replan-budget.js';
import { ConnectError } from './server.js';
import type { WalkReaders } from './walk-readers.js';
import { readWalks, type Walks } from './walks.js';
import { valueOf } from './value-of.js';
import type { RunOptions, SettledOptions } from './options.js';

/** Inputs → plan. Everything is read, split and checked here; whatever is wrong is thrown as one InputError. */

export interface Prepared {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** With `--order auto`: finds edges anew where the catalog has changed. */
  readonly replanning?: Replanning;
}

export interface Preparation {
  readonly inputs: Inputs;
  readonly options: RunOptions;
  readonly settled: SettledOptions;
  /** Asks the queries that splits take their values from. */
  readonly askRecords: AskRecords;
  readonly askCatalog: AskCatalog;
  /** Of a run: told while scripts are read how many statements there are so far. For one alone the catalog is not asked for. */
  readonly onStatements?: (soFar: number) => void;
  /** Of a run: a statement is split, so that all connections will be needed at once. */
  readonly onSplit?: () => void;
  /** For tests. When the catalog is read again; default: by the time that it takes. */
  readonly replanBudget?: () => ReplanBudget;
  /** Of the databases that the run goes to, where they have any. */
  readonly targetNames: readonly string[];
  /** How many connections splits are cut for; default: as many as there are. */
  readonly pieces?: () => Promise<number>;
  /** Places of splits over tables that a run before has begun; default: none. */
  readonly places?: () => Promise<ReadonlyMap<string, number>>;
  /** For what splits over tables must know of these; undefined: there is no database. */
  readonly readers?: WalkReaders | undefined;
  /** By target: the statements that a run before has done, as `plan/journal-units.ts` names them. */
  readonly done?: readonly ReadonlySet<string>[] | undefined;
}

export async function readPlan(preparation: Preparation): Promise<Prepared> {
  const { inputs, options, settled, askRecords, askCatalog, targetNames } = preparation;
  const budget = options.join === true ? () => NEVER : preparation.replanBudget;
  const isJoined = options.join === true;
  const planning = { settled, askCatalog, budget, isJoined, ...pick(preparation) };
  const variables = new Map([
    ...(inputs.manifest?.variables ?? []),
    ...Object.entries(options.variables ?? {}),
  ]);
  const { syntaxCheck, show } = settled;
  let statements = 0;
  const reading = {
    variables,
    syntaxCheck,
    show,
    environment: process.env,
    session: sessionStart(options),
    ask: options.ask,
    onStatements: (soFar: number) => {
      statements = soFar;
      preparation.onStatements?.(soFar);
    },
    askRecords,
    bind: settled.bind,
  };
  if (targetNames.length === 0) {
    const scripts = valueOf(await readScripts(inputs.sources, reading));
    const mayOverlap = preparation.onStatements === undefined || statements > 1 || settled.autoSplit;
    const one = await planOf(scripts, mayOverlap ? planning : { ...planning, askCatalog: undefined });
    return { ...one, ...replanned([one], one.plan, planning) };
  }
  const asked = new Set<string>();
  const plans: PreparedTarget[] = [];
  let scripts: ReadScripts | undefined;
  for (const [index, name] of targetNames.entries()) {
    // Scripts that do not ask for it are the same for all.
    if (scripts === undefined || asksForTarget(asked, scripts.value))
      scripts = valueOf(
        await readScripts(inputs.sources, {
          ...reading,
          variables: new Map([...variables, ...targetVariables(name, { index, count: targetNames.length })]),
          onVariable: (variable) => asked.add(variable),
        }),
      );
    plans.push(await planOf(scripts, planning, { index, count: targetNames.length, name }));
  }
  const plan = spread(
    plans.map((prepared) => prepared.plan),
    targetNames,
  );
  return { plan, warnings: plans[0]?.warnings ?? [], ...replanned(plans, plan, planning) };
}

function pick({ done, pieces, places, readers, onStatements, onSplit }: Preparation): PickedPlanning {
  return {
    ...(onSplit === undefined ? {} : { onSplit }),
    ...(done === undefined ? {} : { done }),
    ...(pieces === undefined ? {} : { pieces }),
    ...(places === undefined ? {} : { places }),
    ...(readers === undefined ? {} : { readers }),
    isShown: onStatements === undefined,
  };
}

type PickedPlanning = Pick<Planning, 'done' | 'pieces' | 'places' | 'readers' | 'isShown' | 'onSplit'>;

interface Planning {
  readonly settled: SettledOptions;
  readonly askCatalog: AskCatalog;
  readonly budget: (() => ReplanBudget) | undefined;
  readonly done?: Preparation['done'];
  readonly pieces?: Preparation['pieces'];
  readonly places?: Preparation['places'];
  readonly readers?: Preparation['readers'];
  readonly onSplit?: () => void;
  /** It is not run. */
  readonly isShown: boolean;
  /** Other pqruns work on the run, too. */
  readonly isJoined: boolean;
}

interface PreparedTarget extends Prepared {
  readonly auto?: AutoPlan;
}

function replanned(
  plans: readonly PreparedTarget[],
  plan: Plan,
  { settled, askCatalog: ask, budget }: Planning,
): Pick<Prepared, 'replanning'> {
  const targets = plans.flatMap(({ auto, plan: own }) => (auto === undefined ? [] : [{ auto, plan: own }]));
  if (targets.length === 0 || ask === undefined) return {};
  return { replanning: replanning(targets, plan, { settled, ask, budget }) };
}

type ReadScripts = ReturnType<typeof valueOf<readonly Script[]>>;

async function planOf(
  scripts: ReadScripts,
  planning: Planning,
  target?: { readonly index: number; readonly count: number; readonly name: string },
): Promise<PreparedTarget> {
  const { settled, askCatalog, done, pieces } = planning;
  const { order, jobs, singleTransaction, snapshot, splitCopy, autoSplit } = settled;
  if (scripts.value.some(hasSplit)) planning.onSplit?.();
  const analysis =
    order === 'auto'
      ? await openAnalysis(settled, await rowsOf(askCatalog, settled, target?.index), {
          scripts: scripts.value,
          isDone: isDoneOf(scripts.value, done?.[target?.index ?? 0]),
        })
      : undefined;
  const connections = (await pieces?.()) ?? jobs;
  const { tables: walks, warnings: ofTables } = await walksOf(scripts.value, planning, {
    connections,
    target,
  });
  const built = valueOf(
    buildPlan(
      settled.journal === undefined ? scripts.value : scripts.value.map(inOneSession),
      {
        order,
        connections,
        walks,
        singleTransaction,
        snapshot,
        splitCopy,
        autoSplit,
        ...(target === undefined ? {} : { target }),
      },
      analysis,
    ),
  );
  return { ...built.value, warnings: [...scripts.warnings, ...ofTables, ...built.warnings] };
}

function hasSplit({ statements }: Script): boolean {
  return statements.some(({ directives }) => directives.split !== undefined);
}

/** Of splits that are dealt out all targets have the pieces of the first. */
async function walksOf(
  scripts: readonly Script[],
  { settled, readers, places, isShown, isJoined }: Planning,
  {
    connections,
    target,
  }: {
    readonly connections: number;
    readonly target: { readonly index: number; readonly name: string } | undefined;
  },
): Promise<Walks> {
  const splits = scripts.flatMap(({ statements }) => statements.map(({ directives }) => directives.split));
  if (!splits.some(isChunkSplit)) return { tables: new Map(), warnings: [] };
  const timed = splits.filter(isChunkSplit).filter(({ time }) => isJoined && time !== undefined);
  if (timed.length > 0) throw new InputError(timed.map(({ place }) => ({ ...NO_TIME, place })));
  const options = {
    connections,
    target: target?.name,
    initSql: await initSettings(settled.initSql),
    isShown,
    places: (await places?.()) ?? new Map<string, number>(),
  };
  const read = (index: number, isDealt: boolean): Promise<Walks> =>
    readWalks(scripts, readers, { ...options, index, isDealt });
  const [own, dealt] = [await read(target?.index ?? 0, false), await read(0, true)];
  return {
    tables: new Map([...own.tables, ...dealt.tables]),
    warnings: [...own.warnings, ...dealt.warnings],
  };
}

function isDoneOf(
  scripts: readonly Script[],
  done: ReadonlySet<string> | undefined,
): ((statement: Statement) => boolean) | undefined {
  if (done === undefined || done.size === 0) return undefined;
  const found = new Set(
    scripts.flatMap(({ id, statements }) => statements.filter(({ index }) => done.has(`${id} ${index}`))),
  );
  return (statement) => found.has(statement);
}

/**
 * With --keep-going a target that is not there keeps the others from nothing: whatever its plan, none of its jobs will be run.
 */
async function rowsOf(
  ask: AskCatalog,
  { keepGoing }: SettledOptions,
  target: number | undefined,
): Promise<CatalogRows | undefined> {
  try {
    return await ask?.(target ?? 0);
  } catch (error) {
    if (target !== undefined && keepGoing) return undefined;
    throw isLost(error) ? error : new InputError([unreadableCatalog(error)]);
  }
}

function isLost(error: unknown): boolean {
  return error instanceof ConnectError || error instanceof ConnectionLost;
}

function unreadableCatalog(error: unknown): Diagnostic {
  return {
    severity: 'error',
    message: `the database's catalog cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'it tells which statements may overlap; with --order sequential it is not read',
  };
}

/** A script that is read while it runs may ask for anything. */
function asksForTarget(asked: ReadonlySet<string>, scripts: readonly Script[]): boolean {
  return TARGET_VARIABLES.some((name) => asked.has(name)) || scripts.some(({ live }) => live !== undefined);
}

/** What scripts know of where they run. */
function targetVariables(
  name: string,
  { index, count }: { readonly index: number; readonly count: number },
): ReadonlyMap<string, string> {
  return new Map([
    ['target', name],
    ['target_index', String(index)],
    ['targets', String(count)],
  ]);
}

const TARGET_VARIABLES = ['target', 'target_index', 'targets'] as const;

/** What the connection settings say of sessions; a server that pqrun starts knows nothing of the environment's. */
function sessionStart({ connection = {}, embedded = false, set = {} }: RunOptions): SessionStart {
  const resolved = embedded === false ? resolveConnection(connection, systemSurroundings()) : undefined;
  const settings = resolved?.ok === true ? resolved.value : undefined;
  const [, byOption] = /-c\s*standard_conforming_strings=(\S+)/.exec(settings?.options ?? '') ?? [];
  const strings = byOption ?? set.standard_conforming_strings ?? 'on';
  return { encoding: settings?.clientEncoding ?? 'UTF8', standardStrings: !meansOff(strings) };
}

const NO_TIME = {
  severity: 'error',
  message: 'time= does not go with --join: each pqrun would cut the rest of the table by itself',
  hint: 'write size= or into=, as pqrun tune finds best',
} as const;
