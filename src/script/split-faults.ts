import type { Node } from 'libpg-query';
import type { Fault } from './faults.js';
import { nodeName, objectsOf } from './tree.js';
import { usedSlots } from './template.js';
import type { Diagnostic } from '../model/diagnostic.js';
import {
  isChunkSplit,
  isOfRecords,
  type RecordSet,
  type RecordSplit,
  type SplitDirective,
  type Statement,
  type Template,
} from '../model/script.js';

/*
 * What can be wrong with a split, seen with the statement that it speaks about.
 */

interface SplitStatement {
  readonly text: Template;
  /** Undefined: it was not parsed. */
  readonly nodes: readonly Node[] | undefined;
  readonly parameters: number;
}

export function splitFaults(
  split: SplitDirective | undefined,
  { text, nodes, parameters }: SplitStatement,
): readonly Fault[] {
  if (split === undefined) return [];
  const faults: Fault[] = [];
  const usesNothing = usedSlots(text).length === 0 && parameters === 0;
  if (nodes?.every(isSplittable) === false) faults.push(NOT_SPLITTABLE);
  // What a statement does with :chunk is looked at in its tree (chunk.ts).
  if (isChunkSplit(split)) return faults;
  if (split.by === 'rows') return usesNothing ? [NO_SLOT, ...faults] : faults;
  const { records, bind } = split;
  if (records === undefined) return faults;
  if (bind === 'asked' && parameters === 0 && records.records.length > 0) faults.push(NO_PARAMETER);
  else if (usesNothing && records.records.length > 1) faults.push(noColumn(records));
  if (parameters > records.columns.length) faults.push(tooManyParameters(parameters, records));
  if (records.records.length === 0) faults.push(noRecords(split, records));
  return [...faults, ...nullIdentifiers(text, split, records)];
}

/** How many columns of a record the statement takes as parameters: up to the highest `$n` in it; 0 without `bind`. */
export function parametersOf(
  split: SplitDirective | undefined,
  { nodes, text }: { readonly nodes: readonly Node[] | undefined; readonly text: string },
): number {
  if (!isOfRecords(split) || split.bind === 'no') return 0;
  if (nodes === undefined)
    return Math.max(0, ...[...text.matchAll(/\$([0-9]{1,5})/g)].map(([, digits]) => Number(digits)));
  let most = 0;
  for (const object of objectsOf(nodes)) {
    // What a field of a parse tree holds follows from its name.
    const { ParamRef: parameter } = object as { readonly ParamRef?: { readonly number?: number } };
    most = Math.max(most, parameter?.number ?? 0);
  }
  return most;
}

/** A script that is read while it runs goes its own way: nobody knows how often a split in it would be met. */
export function refusedSplit({ directives }: Statement): readonly Diagnostic[] {
  const { split } = directives;
  if (split === undefined || split.by === 'rows') return [];
  return [
    {
      severity: 'error',
      message: `split ${split.by}= cannot be used here, because what the script does depends on its results`,
      place: split.place,
      hint: 'move the statement to a script without \\gset, \\gexec, \\connect, \\o and without ON_ERROR_STOP or AUTOCOMMIT off, and run it without -a',
    },
  ];
}

/** `:"name"` names something, and NULL is no name. */
function nullIdentifiers(
  text: Template,
  { by }: RecordSplit,
  { columns, records, file }: RecordSet,
): readonly Fault[] {
  const names = new Set(
    text.flatMap((part) => (part.kind === 'slot' && part.form === 'identifier' ? [part.name] : [])),
  );
  return [...names].flatMap((name) => {
    const column = by === 'values' && name === 'value' ? 0 : columns.indexOf(name);
    const empty = column < 0 ? -1 : records.findIndex(({ values }) => (values[column] ?? null) === null);
    if (empty < 0) return [];
    const line = records[empty]?.line;
    const where = file === undefined || line === undefined ? '' : ` (${file}:${line})`;
    return {
      message: `:"${name}" is NULL in record ${empty + 1}${where}, which is the name of nothing`,
      hint: 'give the column a value in every record, or leave that record out',
    };
  });
}

function tooManyParameters(parameters: number, { columns }: RecordSet): Fault {
  const count = columns.length === 1 ? 'one column' : `${columns.length} columns`;
  return {
    message: `the statement has the parameter $${parameters}, and a record only ${count}`,
    hint: `the parameters are the columns in their order: ${columns.map((name, index) => `$${index + 1} is ${name}`).join(', ')}`,
  };
}

function noColumn({ columns }: RecordSet): Fault {
  const names = columns.map((name) => `:${name}`).join(', ');
  return {
    message: 'this statement would do the same for each record, because it uses none of its columns',
    hint: `use ${names === '' ? ':job' : names} in the statement, or $1, $2 … with bind`,
  };
}

function noRecords({ by }: RecordSplit, { file }: RecordSet): Fault {
  const whose = file === undefined ? 'the query of values= gives no rows' : `${file} has no records`;
  return {
    severity: 'warning',
    message: `${whose}: the statement is not run`,
    hint: `remove the statement, or see why ${by}= gives nothing`,
  };
}

const NO_SLOT: Fault = {
  message:
    'each piece of this split would do the whole work again, because the statement uses none of its variables',
  hint: 'use :lo and :hi (the first and the last row of the piece) or :rows (their number) in the statement',
};

const NO_PARAMETER: Fault = {
  message: 'there is nothing to bind: the statement has no parameter',
  hint: 'write $1, $2 … where the columns belong, or remove bind',
};

const NOT_SPLITTABLE: Fault = {
  message: 'this statement cannot be split',
  hint: 'remove the directive; INSERT, UPDATE, DELETE, MERGE, SELECT, COPY, CALL and DO can be split',
};

const SPLITTABLE: ReadonlySet<string> = new Set([
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'CopyStmt',
  'CallStmt',
  'DoStmt',
]);

function isSplittable(node: Node): boolean {
  const makesTable = 'SelectStmt' in node && node.SelectStmt.intoClause !== undefined;
  return SPLITTABLE.has(nodeName(node)) && !makesTable;
}
