import type { FuncCall, Node, SelectStmt } from 'libpg-query';
import { ofEachPiece } from './chunk-faults.js';
import type { ChunkLevel } from './chunk-level.js';
import type { Fault } from './faults.js';
import { objectsOf, stringOf } from './tree.js';
import type { ChunkSplit } from '../model/script.js';

/** What a query makes of several rows would have to see those of all pieces: the first such thing is told. */
export function rowWarning(
  { queries }: Pick<ChunkLevel, 'queries'>,
  walk: { readonly split: ChunkSplit; readonly alias: string },
): Fault | undefined {
  for (const [index, select] of queries.entries()) {
    const fault = ownWarning(select, index === 0 ? walk : undefined);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function ownWarning(
  { limitCount, limitOffset, distinctClause, groupClause = [], havingClause, targetList = [] }: SelectStmt,
  walk: { readonly split: ChunkSplit; readonly alias: string } | undefined,
): Fault | undefined {
  if (limitCount !== undefined || limitOffset !== undefined)
    return ofEachPiece('the LIMIT or OFFSET of the query', 'remove it, or do not split the statement');
  if (distinctClause !== undefined)
    return ofEachPiece('DISTINCT', 'the same row may come from two pieces; make them distinct afterwards');
  const calls = [...objectsOf([targetList, havingClause])].flatMap((object) => callOf(object));
  if (calls.some(({ over }) => over !== undefined))
    return ofEachPiece('the window function of the query', 'a window ends where the piece ends');
  if (groupClause.length > 0)
    return walk !== undefined && isGroupedBy(groupClause, walk) ? undefined : GROUPS;
  return calls.some(isAggregate)
    ? ofEachPiece('the aggregate of the query', 'add the results up afterwards')
    : undefined;
}

const GROUPS = ofEachPiece(
  'what the query makes of a group',
  'a group whose rows are in several pieces is there several times: group by the columns that it is split by, or add up afterwards',
);

/** All columns of the split stand in GROUP BY, so that a group is in one piece. */
function isGroupedBy(
  groups: readonly Node[],
  { split: { columns }, alias }: { readonly split: ChunkSplit; readonly alias: string },
): boolean {
  const grouped = new Set(
    groups.flatMap((group) => {
      if (!('ColumnRef' in group)) return [];
      const names = (group.ColumnRef.fields ?? []).map((field) => stringOf(field));
      const isOwn = names.length === 1 || names.at(-2) === alias;
      return isOwn ? (names.at(-1) ?? []) : [];
    }),
  );
  return columns.length > 0 && columns.every((column) => grouped.has(column));
}

function callOf(object: object): readonly FuncCall[] {
  // What a field of a parse tree holds follows from its name.
  const { FuncCall: call } = object as { readonly FuncCall?: FuncCall };
  return call === undefined ? [] : [call];
}

function isAggregate({ funcname, agg_star, agg_distinct, agg_order, agg_filter }: FuncCall): boolean {
  const isMarked = agg_star === true || agg_distinct === true || agg_order !== undefined;
  return isMarked || agg_filter !== undefined || AGGREGATES.test(stringOf(funcname?.at(-1)) ?? '');
}

const AGGREGATES =
  /^(?:count|sum|avg|min|max|array_agg|string_agg|jsonb?_(?:object_)?agg|bool_(?:and|or)|every|bit_(?:and|or|xor)|percentile_(?:cont|disc)|mode|stddev.*|var(?:iance|_.*)|corr|covar_.*|regr_.*|range_agg|any_value)$/;
