import type { Fault } from './faults.js';
import { PIECE_VARIABLES } from '../model/job.js';

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

const NEWER_SERVER = 'if the server understands it, --no-syntax-check sends it as it is';

const UNCLOSED = 'close it: as it is, the rest of the script is taken for a part of it';

const PIECE_VARIABLE_NAMES: ReadonlySet<string> = new Set(PIECE_VARIABLES);
