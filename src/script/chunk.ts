import type { Node, RangeVar } from 'libpg-query';
import { chunkLevel, countMarkers, countWrites, type ChunkLevel, type LevelTable } from './chunk-level.js';
import * as faults from './chunk-faults.js';
import { rowWarning } from './chunk-rows.js';
import { tableSlot } from './chunk-table.js';
import { changesOf, serialReason, writeFault } from './chunk-writes.js';
import type { Fault } from './faults.js';
import { objectsOf, stringOf } from './tree.js';
import {
  isChunkSplit,
  type ChunkSplit,
  type Directives,
  type TableName,
  type Template,
  type WalkedTable,
} from '../model/script.js';

/**
 * What a statement does with the `:chunk` of its `split range=` or `split blocks=`, seen in its tree: whether each piece does its
 * share and nothing twice, and what has to be known of it to make the pieces.
 */
export interface ChunkStatement {
  readonly nodes: readonly Node[];
  /** That was parsed, with the marker (chunk-level.ts) in place of :chunk. */
  readonly text: string;
  readonly template: Template;
}

export interface FoundChunk {
  /** Undefined: there is an error among the faults. */
  readonly walked?: WalkedTable;
  readonly faults: readonly Fault[];
}

/** What is said about a statement that is split over a table, with what it does with it; undefined: it stays as it is. */
export function withWalk(
  { directives, text: template }: { readonly directives: Directives; readonly text: Template },
  { nodes, text }: { readonly nodes: readonly Node[] | undefined; readonly text: string },
): { readonly directives?: Directives; readonly faults: readonly Fault[] } {
  const { split } = directives;
  if (!isChunkSplit(split) || nodes === undefined) return { faults: [] };
  const { walked, faults: found } = findChunk(split, { nodes, text, template });
  return walked === undefined
    ? { faults: found }
    : { faults: found, directives: { ...directives, split: { ...split, walked } } };
}

export function findChunk(split: ChunkSplit, statement: ChunkStatement): FoundChunk {
  const { nodes } = statement;
  const [node, second] = nodes;
  const count = countMarkers(nodes);
  if (node === undefined || second !== undefined) return refused(faults.SEVERAL_STATEMENTS);
  if (count !== 1) return refused(count === 0 ? faults.NO_CHUNK : faults.TWO_CHUNKS);
  const level = chunkLevel(node);
  if (typeof level === 'string') return refused(faults.MISPLACED[level]);
  if (countWrites(nodes) > level.statements.length) return refused(faults.OTHER_WRITES);
  const found = tableAt(level, split);
  if ('fault' in found) return refused(found.fault);
  return walkedTable(found.table, level, { split, statement });
}

function walkedTable(
  table: LevelTable,
  level: ChunkLevel,
  { split, statement }: { readonly split: ChunkSplit; readonly statement: ChunkStatement },
): FoundChunk {
  const { range } = table;
  const fault = writeFault(table, level, split);
  if (fault !== undefined && fault.severity !== 'warning') return refused(fault);
  const needsTemplate = split.by === 'blocks' || split.byPartition === true;
  const template = needsTemplate ? tableSlot(range, statement) : undefined;
  if (needsTemplate && template === undefined) return refused(faults.UNFOUND_NAME);
  if (needsTemplate && range.alias === undefined && namesInFull(statement.nodes, range))
    return refused(faults.FULL_NAMES);
  const serial = serialReason(table, level);
  const warnings = [fault ?? rowWarning(level, { split, alias: aliasOf(range) })].flatMap((one) => one ?? []);
  return {
    walked: {
      table: nameOf(range, split),
      alias: aliasOf(range),
      needsAlias: range.alias === undefined,
      changes: changesOf(table, level),
      ...(template === undefined ? {} : { template }),
      ...(serial === undefined ? {} : { serial }),
    },
    faults: warnings,
  };
}

/** An alias that is named goes before a table of that name. */
function tableAt(
  { tables, hidden }: ChunkLevel,
  { table }: ChunkSplit,
): { readonly table: LevelTable } | { readonly fault: Fault } {
  const named = tables.filter(
    ({ range }) => range.schemaname !== undefined || !hidden.has(range.relname ?? ''),
  );
  const byAlias =
    table.schema === undefined ? named.filter(({ range }) => range.alias?.aliasname === table.name) : [];
  const found = byAlias.length > 0 ? byAlias : named.filter(({ range }) => isNamed(range, table));
  const [first, second] = found;
  if (first === undefined) {
    if (table.schema === undefined && hidden.has(table.name)) return { fault: faults.isQuery(table.name) };
    return {
      fault: faults.notThere(
        table,
        named.map(({ range }) => aliasOf(range)),
      ),
    };
  }
  if (second !== undefined)
    return {
      fault: faults.twiceThere(
        table,
        found.map(({ range }) => aliasOf(range)),
      ),
    };
  return first.isNullable ? { fault: faults.MISPLACED.outer } : { table: first };
}

function isNamed({ schemaname, relname }: RangeVar, { schema, name }: TableName): boolean {
  return relname === name && (schema === undefined || schemaname === undefined || schema === schemaname);
}

function nameOf({ schemaname, relname = '' }: RangeVar, { table }: ChunkSplit): TableName {
  const schema = schemaname ?? (table.name === relname ? table.schema : undefined);
  return schema === undefined ? { name: relname } : { schema, name: relname };
}

function aliasOf({ alias, relname = '' }: RangeVar): string {
  return alias?.aliasname ?? relname;
}

/** `schema.table.column` */
function namesInFull(nodes: readonly Node[], { relname }: RangeVar): boolean {
  for (const object of objectsOf(nodes)) {
    // What a field of a parse tree holds follows from its name.
    const node = object as Node;
    if (!('ColumnRef' in node)) continue;
    const names = (node.ColumnRef.fields ?? []).map((field) => stringOf(field));
    if (names.length > 2 && names.at(-2) === relname) return true;
  }
  return false;
}

function refused(fault: Fault): FoundChunk {
  return { faults: [fault] };
}
