import { CONFLICT_BITS } from '../../model/access.js';
import type { Alone, Together } from '../../model/job.js';
import type { Script, Statement } from '../../model/script.js';
import { says } from '../../script/template.js';
import { AccessSet, type Accesses } from '../accesses/access-set.js';
import type { Analysis, StatementFound } from '../accesses/analysis.js';
import type { SessionTie } from '../accesses/touch.js';
import { copyPieces, mayGiveRows, standsApart, statementsOf } from '../script-part.js';
import type { PlanOptions } from '../options.js';
import { cut, type Unit } from '../units.js';
import { QUICK_DEFINITIONS } from '../batch-key.js';
import { autoSplit } from './auto-split.js';
import { sessionRegions } from './regions.js';
import { FILE_SESSION, oneSession, togetherOf } from './together.js';

/**
 * A script → nodes: runs of neighbouring statements that become one job (or, of a split, the jobs of its pieces), each with all
 * that it touches.
 *
 * Together are: a transaction block; statements that need one session (temporary tables, prepared statements, what nobody knows),
 * from the first to the last of them; settings and what follows them, on which they are replayed; and small statements that do
 * the same to the same, for which a job each would cost more than it brings.
 */
export interface Node {
  readonly script: Script;
  readonly units: readonly Unit[];
  readonly accesses: Accesses;
  readonly alone?: Alone;
  /** What it leaves in its session: nothing, settings, things that others may meet before a reset takes them away, or nobody knows. */
  readonly leaves: 'nothing' | 'settings' | 'things' | 'unknown';
  /** A single statement that takes next to no time. */
  readonly isSmall: boolean;
  readonly together?: Together;
  /** Its statements may stand in one message. */
  readonly sharesMessage: boolean;
}

export interface ScriptFound {
  readonly script: Script;
  /** By statement. */
  readonly found: readonly StatementFound[];
}

export function nodesOf(
  { script, found }: ScriptFound,
  analysis: Analysis,
  options: PlanOptions,
): readonly Node[] {
  const touched = unitsOf(script, found, options).map((unit) =>
    withTouched(autoSplit(unit, found, options), touchedBy(unit.statements, found, analysis)),
  );
  return fuse(touched, options).map((group) => {
    const units = group.map(({ unit }) => unit);
    const [only, second] = group;
    const single = second === undefined ? only : undefined;
    const statements = statementsOf(units);
    const { accesses, alone } = single ?? touchedBy(statements, found, analysis);
    const together = whyTogether(group);
    const node = {
      script,
      units,
      accesses,
      leaves: leftBy(statements, found),
      isSmall: single !== undefined && isQuick(single, options),
      sharesMessage: statements.every(({ index }) => found[index]?.sharesMessage === true),
    };
    // Most are this and no more: a copy takes longer than all else here.
    if (together === undefined && alone === undefined) return node;
    return {
      ...node,
      ...(together === undefined ? {} : { together }),
      ...(alone === undefined ? {} : { alone }),
    };
  });
}

function whyTogether(group: readonly Touched[]): Together | undefined {
  const others = group.filter(({ unit }) => !isQuiet(unit));
  const mayOverlap = others[0] !== undefined && !conflictsWithItself(others[0].accesses);
  return togetherOf(
    others.map(({ unit }) => unit),
    mayOverlap,
  );
}

function leftBy(statements: readonly Statement[], found: readonly StatementFound[]): Node['leaves'] {
  const ties = new Set<SessionTie>();
  for (const { index } of statements) for (const tie of found[index]?.ties ?? []) ties.add(tie);
  if (ties.has('unknown') || ties.has('rest')) return 'unknown';
  const hasSettings = statements.some(({ facts }) => facts.session !== 'none' || facts.control !== 'none');
  if (ties.has('keeps') || ties.has('needs')) return 'things';
  return ties.size > 0 || hasSettings ? 'settings' : 'nothing';
}

interface Touched {
  readonly unit: Unit;
  readonly accesses: Accesses;
  readonly alone?: Alone;
}

function withTouched(unit: Unit, { accesses, alone }: Pick<Node, 'accesses' | 'alone'>): Touched {
  return alone === undefined ? { unit, accesses } : { unit, accesses, alone };
}

/** What statements touch together. */
export function touchedBy(
  statements: readonly Statement[],
  found: readonly StatementFound[],
  analysis: Analysis,
): Pick<Node, 'accesses' | 'alone'> {
  const [only, second] = statements;
  const first = only === undefined ? undefined : found[only.index];
  if (first !== undefined && second === undefined) return pickFound(first);
  const set = new AccessSet();
  let alone: Alone | undefined;
  let last: Accesses | undefined;
  for (const { index } of statements) {
    const one = found[index];
    if (one === undefined) continue;
    if (one.accesses !== last) set.addAll(one.accesses);
    last = one.accesses;
    if (one.alone !== undefined && (alone === undefined || (one.alone.isOpaque && !alone.isOpaque)))
      alone = one.alone;
  }
  // What is appended and taken back again was there for a while: other rows with its keys come before it or behind it.
  if (mayTakeBack(statements)) set.raise('append', 'write');
  const accesses = analysis.sets.finish(set);
  return alone === undefined ? { accesses } : { accesses, alone };
}

/** A block that rolls back, as a whole or in part, or is never ended. */
function mayTakeBack(statements: readonly Statement[]): boolean {
  const controls = new Set(statements.map(({ facts }) => facts.control));
  if (controls.has('rollback') || controls.has('savepoint')) return true;
  return controls.has('begin') && !controls.has('commit');
}

function pickFound({ accesses, alone }: StatementFound): Pick<Node, 'accesses' | 'alone'> {
  return alone === undefined ? { accesses } : { accesses, alone };
}

function unitsOf(script: Script, found: readonly StatementFound[], options: PlanOptions): readonly Unit[] {
  const { statements, mode } = script;
  if (statements.length === 0) return [];
  if (mode.session) return [{ kind: 'script', statements, context: [], together: FILE_SESSION }];
  if (options.singleTransaction) return [{ kind: 'script', statements, context: [] }];
  return joinUnits(cut(statements), { script, found });
}

/** Those that a region reaches into are one; a block that several reach into joins them. */
function joinUnits(units: readonly Unit[], { script, found }: ScriptFound): readonly Unit[] {
  const regions = sessionRegions(found);
  if (regions.length === 0) return units;
  const groups: { readonly units: Unit[]; last: number; cause: number | undefined }[] = [];
  let next = 0;
  for (const unit of units) {
    const first = unit.statements[0]?.index ?? 0;
    const end = unit.statements.at(-1)?.index ?? 0;
    let group = groups.at(-1);
    if (group === undefined || group.last < first)
      groups.push((group = { units: [], last: -1, cause: undefined }));
    group.units.push(unit);
    for (let region = regions[next]; region !== undefined && region.first <= end; region = regions[++next]) {
      group.last = Math.max(group.last, region.last);
      group.cause ??= region.cause;
    }
  }
  return groups.flatMap(({ units: [first, ...others], cause = 0 }): Unit | readonly Unit[] => {
    if (first === undefined || others.length === 0) return first ?? [];
    const statements = [first, ...others].flatMap((unit) => unit.statements);
    const [statement, one] = [script.statements[cause], found[cause]];
    const together = statement === undefined || one === undefined ? undefined : oneSession(statement, one);
    return {
      kind: 'script',
      statements,
      context: first.context,
      ...(together === undefined ? {} : { together }),
    };
  });
}

/** Neighbours that are better one job. */
function fuse(units: readonly Touched[], options: PlanOptions): readonly (readonly Touched[])[] {
  const groups: Touched[][] = [];
  let at = 0;
  while (at < units.length) {
    const run = runFrom(units, at, options);
    const size = chunkSize(run, options);
    for (let start = 0; start < run.length; start += size) groups.push(run.slice(start, start + size));
    at += run.length;
  }
  return joinSettings(groups, options);
}

/** Small statements that do the same to the same. */
function runFrom(units: readonly Touched[], at: number, options: PlanOptions): Touched[] {
  const first = units[at];
  if (first === undefined) return [];
  const run = [first];
  if (!isSmall(first, options)) return run;
  for (let next = units[at + run.length]; next !== undefined; next = units[at + run.length]) {
    const isSame = next.accesses === first.accesses && next.unit.context === first.unit.context;
    if (!isSame || !isSmall(next, options)) break;
    run.push(next);
  }
  return run;
}

function isSmall({ unit, alone, accesses }: Touched, options: PlanOptions): boolean {
  const [statement] = unit.statements;
  if (statement === undefined || unit.kind !== 'statement' || alone !== undefined || isApart(unit, options))
    return false;
  const { facts, text } = statement;
  if (!(facts.node in SMALL) || accesses.resources.length === 0) return false;
  let length = 0;
  for (const fragment of text) if (fragment.kind !== 'slot') length += fragment.text.length;
  return length < LONGEST_SMALL && !(facts.node === 'InsertStmt' && says(text, /\bselect\b/i));
}

function isQuick(touched: Touched, options: PlanOptions): boolean {
  const { unit, alone } = touched;
  const [statement] = unit.statements;
  const isDefinition = unit.kind === 'statement' && QUICK_DEFINITIONS.has(statement?.facts.node ?? '');
  return isDefinition ? alone === undefined && !isApart(unit, options) : isSmall(touched, options);
}

/** libpg-query's names. */
const SMALL = { InsertStmt: true, CommentStmt: true, GrantStmt: true, AlterOwnerStmt: true } as const;
const LONGEST_SMALL = 4000;

/** Those that could not overlap are one chain; the others a few for each connection. */
function chunkSize(run: readonly Touched[], { connections }: PlanOptions): number {
  const [first] = run;
  if (first === undefined || conflictsWithItself(first.accesses)) return LONGEST_CHAIN;
  return Math.min(LONGEST_CHAIN, Math.max(SHORTEST_CHUNK, Math.ceil(run.length / (4 * connections))));
}

const LONGEST_CHAIN = 2000;
const SHORTEST_CHUNK = 50;

function conflictsWithItself({ bits }: Accesses): boolean {
  return bits.some((own) =>
    CONFLICT_BITS.some((conflicts, mode) => (own & (1 << mode)) !== 0 && (conflicts & own) !== 0),
  );
}

/** A setting is replayed wherever it is in force, so it need not be a job of its own. */
function joinSettings(
  groups: readonly (readonly Touched[])[],
  options: PlanOptions,
): readonly (readonly Touched[])[] {
  const joined: (readonly Touched[])[] = [];
  let settings: readonly Touched[] = [];
  for (const group of groups) {
    const isSetting = group.every(({ unit }) => isQuiet(unit));
    const isPlain = group.every(({ unit, alone }) => alone === undefined && !isApart(unit, options));
    if (isSetting) settings = [...settings, ...group];
    else if (isPlain) {
      joined.push([...settings, ...group]);
      settings = [];
    } else {
      if (settings.length > 0) joined.push(settings);
      settings = [];
      joined.push(group);
    }
  }
  return settings.length > 0 ? [...joined, settings] : joined;
}

function isQuiet({ kind, statements }: Unit): boolean {
  return (
    kind === 'statement' &&
    statements.every(
      ({ facts, echo, directives }) =>
        (facts.node === 'VariableSetStmt' || echo !== undefined) &&
        directives.label === undefined &&
        directives.after.length === 0 &&
        !directives.barrier,
    )
  );
}

function isApart(unit: Unit, options: PlanOptions): boolean {
  const hasRows = options.target !== undefined && unit.statements.some(mayGiveRows);
  return standsApart(unit) || copyPieces(unit, options) !== undefined || hasRows;
}
