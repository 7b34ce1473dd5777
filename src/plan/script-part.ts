import { announcedRows, type Job, type Step } from '../model/job.js';
import {
  isChunkSplit,
  isOfRecords,
  type CopyData,
  type LiveScript,
  type Script,
  type Statement,
} from '../model/script.js';
import { batchKey } from './batch-key.js';
import { ROWS_PER_WEIGHT, serialEdges, WHOLE_CHUNK } from './chunk-pieces.js';
import { contextKey } from './context.js';
import { cutCopy, type CopyPiece } from './copy-pieces.js';
import { splitParts } from './pieces.js';
import type { Part, PlanGraph } from './plan-graph.js';
import { NO_DIRECTIVES } from '../script/statement-directives.js';
import { says } from '../script/template.js';
import { stepOf, type Unit } from './units.js';
import { transactionMode, type PlanOptions } from './options.js';

/**
 * One script → its part of the graph.
 *
 * In the sequential orders neighbouring units fuse into one job (a chain): they could not overlap anyway, and one job
 * on one connection spares a round of scheduling for each statement. A split, or a statement that is ordered by hand,
 * stands apart. Under `none` every unit is a job of its own and nothing waits for anything.
 */
export interface ScriptUnits {
  readonly script: Script;
  readonly units: readonly Unit[];
  readonly options: PlanOptions;
}

/** So many bytes of data are expected to take a millisecond, until durations are known. */
const BYTES_PER_WEIGHT = 50_000;

/** Of nearly all statements. */
const NO_DATA: readonly CopyData[] = [];

export function addScript(graph: PlanGraph, input: ScriptUnits): Part {
  const { live } = input.script;
  if (live !== undefined) return addLive(graph, input, live);
  const free = (input.script.mode.order ?? input.options.order) === 'none';
  const groups = free ? input.units.map((unit) => [unit]) : fuse(input.units, input.options);
  const parts = groups.map((group) => addGroup(graph, input, group));
  for (const edge of parts.flatMap(({ inner = [] }) => inner)) graph.connect(edge);
  return free ? graph.sideBySide(parts) : graph.inSequence(parts);
}

/** A script whose path only its run knows: one job, for all that its author ordered by hand. */
export function addLive(graph: PlanGraph, { script, options }: ScriptUnits, live: LiveScript): Part {
  const job = graph.add({
    name: script.name,
    script: script.id,
    steps: [],
    live,
    transaction: transactionMode(options),
    context: [],
    weight: Math.max(1, script.statements.length),
  });
  mark(graph, [job], script.statements);
  return { entries: [job], exits: [job] };
}

function fuse(units: readonly Unit[], options: PlanOptions): readonly (readonly Unit[])[] {
  const groups: Unit[][] = [];
  let open = false;
  for (const unit of units) {
    const apart =
      standsApart(unit) ||
      copyPieces(unit, options) !== undefined ||
      (options.target !== undefined && unit.statements.some(mayGiveRows));
    if (open && !apart) groups.at(-1)?.push(unit);
    else groups.push([unit]);
    open = !apart;
  }
  return groups;
}

/** Its results are to stand together with those of other databases. */
export function mayGiveRows({ facts, text }: Statement): boolean {
  return QUERIES.has(facts.node) || says(text, /\breturning\b/i);
}

/** libpg-query's names. */
const QUERIES: ReadonlySet<string> = new Set([
  ...['SelectStmt', 'ExplainStmt', 'VariableShowStmt', 'ExecuteStmt', 'FetchStmt', 'CallStmt', 'CopyStmt'],
  '',
]);

/** It becomes several jobs, or was ordered by hand. */
export function standsApart(unit: Unit): boolean {
  return unit.statements.some(({ directives }) => {
    const { split, label, after, barrier } = directives;
    return split !== undefined || label !== undefined || after.length > 0 || barrier;
  });
}

/** Neighbouring units as one job, or one that is split as several. */
export function addGroup(graph: PlanGraph, input: ScriptUnits, group: readonly Unit[]): Part {
  const statements = statementsOf(group);
  const first = statements[0];
  if (first === undefined) return { entries: [], exits: [] };
  const split = first.directives.split;
  const spread = split !== undefined && group[0]?.kind === 'statement';
  const copies = spread || group.length > 1 ? undefined : copyPieces(group[0], input.options);
  const jobs = spread
    ? addPieces(graph, input, group)
    : (copies?.map((piece, index) =>
        addCopyPiece(graph, { input, group, piece, index, count: copies.length }),
      ) ?? [addChain(graph, input, group)]);
  mark(graph, jobs, statements);
  const inner = spread ? serialEdges(first, jobs) : [];
  return inner.length === 0
    ? { entries: jobs, exits: jobs }
    : { entries: jobs.slice(0, 1), exits: jobs.slice(-1), inner };
}

/** Most groups are one unit. */
export function statementsOf(group: readonly Unit[]): readonly Statement[] {
  const [unit, second] = group;
  return unit !== undefined && second === undefined
    ? unit.statements
    : group.flatMap(({ statements }) => statements);
}

/** What was said by hand about any of the statements holds for all jobs that they became. */
function mark(graph: PlanGraph, jobs: readonly number[], statements: readonly Statement[]): void {
  if (statements.every(({ directives }) => directives === NO_DIRECTIVES)) return;
  graph.marks.push({
    jobs,
    labels: statements.flatMap(({ directives, place }) =>
      directives.label === undefined ? [] : [{ name: directives.label, place }],
    ),
    after: statements.flatMap((statement) => statement.directives.after),
    barrier: statements.some((statement) => statement.directives.barrier),
  });
}

function addPieces(graph: PlanGraph, input: ScriptUnits, group: readonly Unit[]): readonly number[] {
  const [unit] = group;
  const statement = unit?.statements[0];
  const split = statement?.directives.split;
  if (unit === undefined || statement === undefined || split === undefined) return [];
  const parts = splitParts(statement, split, input.options);
  if (parts.length === 0 && (split.by !== 'rows' || split.isDealt === true))
    return [addGate(graph, statement)];
  return parts.map(({ piece, step: own, weight = 1 + announcedRows(piece) / ROWS_PER_WEIGHT }) => {
    const step = { ...stepOf(statement), ...own };
    const count = piece.unit === 'chunk' ? '' : `/${piece.count}`;
    return graph.add({
      name: `${nameOf(statement)} [${piece.index + 1}${count}]`,
      script: input.script.id,
      steps: [step],
      transaction: transactionMode(input.options),
      context: unit.context,
      piece,
      ...(isOfRecords(split) ? recordBatch(input, unit, step) : {}),
      weight,
    });
  });
}

/** What was ordered by hand about a statement that is not run still holds for those around it. */
function addGate(graph: PlanGraph, statement: Statement): number {
  const [script, steps, context] = [undefined, [], []];
  return graph.add({ name: nameOf(statement), script, steps, context, transaction: 'each', weight: 0 });
}

/** Jobs of one split share a session among them, and with nobody else. */
function recordBatch({ script }: ScriptUnits, { context }: Unit, step: Step): { readonly batch?: string } {
  const batch = batchKey(step, { script: script.id, context: contextKey(context) });
  return batch === undefined ? {} : { batch: `${batch} ${step.statement.index}` };
}

/** The pieces of a COPY that stands by itself: in a block, or in a session that others need, it is one job. */
export function copyPieces(unit: Unit | undefined, options: PlanOptions): readonly CopyPiece[] | undefined {
  const [statement, ...others] = unit?.statements ?? [];
  if (unit?.kind !== 'statement' || statement === undefined || others.length > 0) return undefined;
  return cutCopy(statement, options);
}

interface CopyPart {
  readonly input: ScriptUnits;
  readonly group: readonly Unit[];
  readonly piece: CopyPiece;
  readonly index: number;
  readonly count: number;
}

function addCopyPiece(graph: PlanGraph, { input, group, piece, index, count }: CopyPart): number {
  const [unit] = group;
  const statement = unit?.statements[0];
  if (statement === undefined) throw new RangeError('a piece of nothing');
  const { data, from, to = 0 } = piece;
  return graph.add({
    name: `${nameOf(statement)} [${index + 1}/${count}]`,
    script: input.script.id,
    steps: [{ ...stepOf(statement), data }],
    transaction: transactionMode(input.options),
    context: unit?.context ?? [],
    piece: { index, count, unit: 'lines', rows: 0, lo: from, hi: to },
    weight: weightOf([data]),
  });
}

/** A statement that takes such data along. */
function weightOf(data: readonly CopyData[]): number {
  return data.reduce((sum, block) => sum + bytesOf(block) / BYTES_PER_WEIGHT, 1);
}

/** Of a whole file that is not read yet they are not known. */
function bytesOf({ from, span }: CopyData): number {
  if (span !== undefined) return span.end - span.start;
  return 'bytes' in from ? from.bytes.length : 0;
}

function addChain(graph: PlanGraph, input: ScriptUnits, group: readonly Unit[]): number {
  const statements = statementsOf(group);
  const steps = statements.flatMap((statement) => inlineSteps(statement, input.options));
  const [first] = statements;
  const job: Omit<Job, 'id'> = {
    name: first === undefined ? input.script.name : nameOf(first),
    script: input.script.id,
    // A copy is as long as it must be; what flatMap() gives has room for seventeen.
    steps: steps.slice(),
    transaction: transactionMode(input.options),
    context: group[0]?.context ?? [],
    ...batchOf(input, group, steps),
    weight: steps.reduce((sum, { statement }) => sum + weightOf(statement.data ?? NO_DATA), 0),
  };
  return graph.add(job);
}

/** A single statement of its own may share a message with others of its kind. */
function batchOf(
  { script, options }: ScriptUnits,
  group: readonly Unit[],
  steps: readonly Step[],
): { readonly batch?: string } {
  const [unit] = group;
  const [step, second] = steps;
  if (unit?.kind !== 'statement' || step === undefined || second !== undefined || options.singleTransaction)
    return {};
  const batch = batchKey(step, { script: script.id, context: contextKey(unit.context) });
  return batch === undefined ? {} : { batch };
}

/** A split inside a one-session script: its pieces as steps, one after another; of a table all rows in one. */
function inlineSteps(statement: Statement, options: PlanOptions): readonly Step[] {
  const { split } = statement.directives;
  if (split === undefined) return [stepOf(statement)];
  if (isChunkSplit(split)) return [{ ...stepOf(statement), values: WHOLE_CHUNK }];
  const parts = splitParts(statement, split, options);
  return parts.map(({ step }) => ({ ...stepOf(statement), ...step }));
}

function nameOf(statement: Statement): string {
  const { label } = statement.directives;
  return label ?? `${statement.place.file}:${statement.place.line}`;
}
