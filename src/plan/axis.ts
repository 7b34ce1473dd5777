import { TABLE_SLOT, type Axis, type AxisValues } from '../model/axis.js';

/**
 * Tables' rows as axes (model/axis.ts), and the predicates of their pieces. Everything that comes in is quoted already.
 *
 * All rows belong to exactly one piece, whatever is inserted, updated or deleted until it runs: neighbours share their boundary, the
 * first piece is open below and the last above, and NULLs, which no comparison finds, belong to the first. Only the order of the
 * comparison has to be that by which the boundaries were sorted, so operators outside of pg_catalog are named with their schema.
 */

/** A column by which rows are told apart. */
export interface KeyColumn {
  /** Quoted. */
  readonly name: string;
  readonly isNotNull: boolean;
  /** Where its type's `<` and `>=` are; undefined: in pg_catalog. */
  readonly operators?: string;
}

/** A value, or a row of values, that there are about so many rows from on, as literals with their types. */
export interface RangeStep {
  readonly literals: readonly string[];
  readonly rows: number;
}

export interface RangeAxisInput {
  readonly columns: readonly KeyColumn[];
  /** The table's alias, quoted. */
  readonly alias: string;
  /** Sorted, each value once. */
  readonly steps: readonly RangeStep[];
  /** Rows with a NULL in the key: they stand in the first step. */
  readonly nulls: number;
  /** The rest of a walk: the first step begins here, and what is below, and NULLs, belongs to others. */
  readonly from?: readonly string[] | undefined;
}

export function rangeAxis(input: RangeAxisInput): Axis {
  const { steps, nulls, from } = input;
  const [first, ...others] = steps;
  const rows = [(first?.rows ?? 0) + nulls, ...others.map((step) => step.rows)];
  const boundary = (at: number): readonly string[] | undefined => {
    if (at === 0) return from;
    return steps[at]?.literals;
  };
  return {
    rows,
    parts: [0],
    values: (begin, end) => {
      const [low, high] = [boundary(begin), end < rows.length ? boundary(end) : undefined];
      const chunk = rangePredicate(input, low, high);
      return {
        slots: { chunk },
        text: chunk,
        ...(high === undefined ? {} : { until: JSON.stringify(high) }),
      };
    },
  };
}

/** What tells the rows from `low` on and below `high`. */
export function rangePredicate(
  { columns, alias }: Pick<RangeAxisInput, 'columns' | 'alias'>,
  low: readonly string[] | undefined,
  high: readonly string[] | undefined,
): string {
  const names = columns.map(({ name }) => `${alias}.${name}`);
  const key = rowOf(names);
  const compare = (operator: string, literals: readonly string[]): string =>
    `${key} ${operatorOf(columns, operator)} ${rowOf(literals)}`;
  if (low === undefined && high === undefined) return 'true';
  const nullable = names.filter((_, index) => columns[index]?.isNotNull === false);
  if (low === undefined) {
    const below = compare('<', high ?? []);
    return nullable.length === 0
      ? `(${below})`
      : `(${[below, ...nullable.map((name) => `${name} IS NULL`)].join(' OR ')})`;
  }
  // A comparison of rows may be decided before it comes to a NULL; one of a single column never is.
  const known = names.length === 1 ? [] : nullable.map((name) => `${name} IS NOT NULL`);
  const bounds = [compare('>=', low), ...(high === undefined ? [] : [compare('<', high)])];
  return `(${[...bounds, ...known].join(' AND ')})`;
}

function operatorOf(columns: readonly KeyColumn[], operator: string): string {
  const schema = columns.find(({ operators }) => operators !== undefined)?.operators;
  return schema === undefined || columns.length > 1 ? operator : `OPERATOR(${schema}.${operator})`;
}

function rowOf(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`;
}

/** A table, or one of its partitions, that is walked by itself. */
export interface TablePart {
  /** Quoted, with its schema; undefined: the table that the statement names. */
  readonly relation?: string;
  readonly blocks: number;
  readonly rows: number;
}

export interface PartsInput {
  readonly parts: readonly TablePart[];
  /** Quoted. */
  readonly alias: string;
  readonly needsAlias: boolean;
}

/** Blocks of a table, or of partition after partition. The last piece of each is open above: a table grows at its end. */
export function blockAxis({ from, ...input }: PartsInput & { readonly from?: BlockPlace | undefined }): Axis {
  const first = from === undefined ? 0 : partOf(input, from.relation);
  const all = input.parts.reduce((sum, { blocks }) => sum + blocks, 0);
  const size = Math.max(1, Math.ceil(all / MOST_STEPS));
  const steps: { part: number; block: number; rows: number }[] = [];
  const starts: number[] = [];
  for (const [part, { blocks, rows }] of input.parts.entries()) {
    if (part < first) continue;
    const begin = part === first ? (from?.block ?? 0) : 0;
    starts.push(steps.length);
    steps.push({ part, block: begin, rows: (rows * Math.min(size, blocks)) / Math.max(1, blocks) });
    for (let block = begin + size; block < blocks; block += size)
      steps.push({ part, block, rows: (rows * Math.min(size, blocks - block)) / blocks });
  }
  return {
    rows: steps.map(({ rows }) => rows),
    parts: starts,
    values: (begin, end) => {
      const [low, next] = [steps[begin], steps[end]];
      const part = low?.part ?? 0;
      const high = next?.part === part ? next.block : undefined;
      const chunk = blockPredicate(input.alias, low?.block ?? 0, high);
      return { ...ofPart(input, part, chunk), ...untilOf(input, next) };
    },
  };
}

/** Where a walk by blocks goes on. */
export interface BlockPlace {
  /** By name: partitions may come and go between two runs. Undefined: the table has none. */
  readonly relation?: string;
  readonly block: number;
}

/** The partition at which a run before has stopped is gone. */
export class PartitionGone extends Error {}

function partOf({ parts }: PartsInput, relation: string | undefined): number {
  const part = parts.findIndex((one) => one.relation === relation);
  if (part < 0)
    throw new PartitionGone(`the partition ${relation ?? ''}, at which the run before has stopped, is gone`);
  return part;
}

function untilOf(
  { parts }: PartsInput,
  next: { readonly part: number; readonly block: number } | undefined,
): { readonly until?: string } {
  if (next === undefined) return {};
  const place: BlockPlace = { ...pickRelation(parts[next.part]), block: next.block };
  return { until: JSON.stringify(place) };
}

function pickRelation(part: TablePart | undefined): { readonly relation?: string } {
  return part?.relation === undefined ? {} : { relation: part.relation };
}

function blockPredicate(alias: string, low: number, high: number | undefined): string {
  const at = (block: number): string => `'(${block},0)'::pg_catalog.tid`;
  const bounds = [
    ...(low === 0 ? [] : [`${alias}.ctid >= ${at(low)}`]),
    ...(high === undefined ? [] : [`${alias}.ctid < ${at(high)}`]),
  ];
  return bounds.length === 0 ? 'true' : `(${bounds.join(' AND ')})`;
}

/** A step for each partition. */
export function partitionAxis({
  from,
  ...input
}: PartsInput & { readonly from?: BlockPlace | undefined }): Axis {
  const first = from === undefined ? 0 : partOf(input, from.relation);
  const parts = input.parts.slice(first);
  return {
    rows: parts.map(({ rows }) => rows),
    parts: parts.map((_, index) => index),
    values: (begin, end) => ({
      ...ofPart(input, first + begin, 'true'),
      ...untilOf(input, end < parts.length ? { part: first + end, block: 0 } : undefined),
    }),
  };
}

function ofPart({ parts, alias, needsAlias }: PartsInput, part: number, chunk: string): AxisValues {
  const relation = parts[part]?.relation;
  if (relation === undefined) return { slots: { chunk }, text: chunk };
  const table = `ONLY ${relation}${needsAlias ? ` AS ${alias}` : ''}`;
  return {
    slots: { chunk, [TABLE_SLOT]: table },
    text: chunk === 'true' ? relation : `${relation} ${chunk}`,
  };
}

const MOST_STEPS = 100_000;
