import type { Node } from 'libpg-query';
import type { Fault } from './faults.js';
import { nodeName } from './tree.js';
import { usedSlots } from './template.js';
import { PIECE_VARIABLES } from '../model/job.js';
import type { Template } from '../model/script.js';

/*
 * What can be wrong with a statement once it is parsed, in the words of messages.
 */

export const SPLIT_IN_RUN: Fault = {
  severity: 'warning',
  message: 'this split is one piece, because what the script does depends on its results',
  hint: 'move the split to a script without \\gset, \\gexec, \\connect, \\o and without ON_ERROR_STOP or AUTOCOMMIT off',
};

/** What the parser says; a variable that nobody defined is the likely cause. */
export function syntaxFault(message: string, undefinedVariables: readonly string[]): Fault {
  const [first] = undefinedVariables;
  if (message.startsWith('unterminated')) return { message, hint: UNCLOSED };
  if (first === undefined) return { message, hint: NEWER_SERVER };
  const names = undefinedVariables.map((name) => `:${name}`).join(', ');
  const verb = undefinedVariables.length === 1 ? 'is' : 'are';
  const values = undefinedVariables.map((name) => `-v ${name}=value`).join(' ');
  const isPiece = PIECE_VARIABLE_NAMES.has(first);
  const orSplit = isPiece ? ', or put the directive “-- pqrun: split rows=N” before the statement' : '';
  return { message: `${message}; ${names} ${verb} not defined`, hint: `define with ${values}${orSplit}` };
}

/** Why a statement cannot be split: nothing would differ from piece to piece, or it is no work on rows. */
export function splitFaults(text: Template, nodes: readonly Node[] | undefined): readonly Fault[] {
  const faults: Fault[] = [];
  if (usedSlots(text).length === 0) faults.push(NO_SLOT);
  if (nodes?.every(isSplittable) === false) faults.push(NOT_SPLITTABLE);
  return faults;
}

const NEWER_SERVER = 'if the server understands it, --no-syntax-check sends it as it is';

const UNCLOSED = 'close it: as it is, the rest of the script is taken for a part of it';

const NO_SLOT: Fault = {
  message:
    'each piece of this split would do the whole work again, because the statement uses none of its variables',
  hint: 'use :lo and :hi (the first and the last row of the piece) or :rows (their number) in the statement',
};

const NOT_SPLITTABLE: Fault = {
  message: 'this statement cannot be split',
  hint: 'remove the directive; INSERT, UPDATE, DELETE, MERGE, SELECT, COPY, CALL and DO can be split',
};

const PIECE_VARIABLE_NAMES: ReadonlySet<string> = new Set(PIECE_VARIABLES);

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
