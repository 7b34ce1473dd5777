import { continuesName } from './character-class.js';
import { byteAt, type Input } from './input.js';
import type { VariableForm } from '../model/script.js';

/**
 * psql's variables: where one is used, and how its value is written there.
 *
 * Rules: psqlscan.l for the forms, libpq's PQescapeLiteral and PQescapeIdentifier for the quoting. Names are letters,
 * digits, underscores and non-ASCII characters, and are case sensitive.
 */
export interface VariableUse {
  readonly name: string;
  readonly form: VariableForm;
  /** Position behind it. */
  readonly end: number;
}

/** The variable that is used at a colon, if one is: not in `::`, `:=`, or `:` with no name behind it. */
export function findVariable(input: Input, colon: number): VariableUse | undefined {
  switch (byteAt(input, colon + 1)) {
    case QUOTE:
      return use(input, { form: 'literal', start: colon + 2, close: QUOTE });
    case DOUBLE_QUOTE:
      return use(input, { form: 'identifier', start: colon + 2, close: DOUBLE_QUOTE });
    case OPEN_BRACE:
      if (byteAt(input, colon + 2) !== QUESTION_MARK) return undefined;
      return use(input, { form: 'test', start: colon + 3, close: CLOSE_BRACE });
    default:
      return use(input, { form: 'plain', start: colon + 1 });
  }
}

const DOUBLE_QUOTE = 0x22;
const QUOTE = 0x27;
const QUESTION_MARK = 0x3f;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function use(
  input: Input,
  { form, start, close }: { form: VariableForm; start: number; close?: number },
): VariableUse | undefined {
  let end = start;
  while (continuesName(byteAt(input, end))) end += 1;
  if (end === start) return undefined;
  const name = input.bytes.toString('utf8', start, end);
  if (close === undefined) return { name, form, end };
  return byteAt(input, end) === close ? { name, form, end: end + 1 } : undefined;
}

/** The use as it stands in the script: what is sent when the variable is not defined. */
export function formatUse({ name, form }: Pick<VariableUse, 'name' | 'form'>): string {
  switch (form) {
    case 'plain':
      return `:${name}`;
    case 'literal':
      return `:'${name}'`;
    case 'identifier':
      return `:"${name}"`;
    case 'test':
      return `:{?${name}}`;
  }
}

/** What is sent in place of a use. An undefined variable stays as it is written; the test form is TRUE or FALSE. */
export function substitute(use: Pick<VariableUse, 'name' | 'form'>, value: string | undefined): string {
  if (use.form === 'test') return value === undefined ? 'FALSE' : 'TRUE';
  if (value === undefined) return formatUse(use);
  switch (use.form) {
    case 'plain':
      return value;
    case 'literal':
      return quoteLiteral(value);
    case 'identifier':
      return quoteIdentifier(value);
  }
}

/** As PQescapeLiteral: with a backslash in it an escape string, and a blank before it, in case a letter stands there. */
export function quoteLiteral(value: string): string {
  const doubled = value.replaceAll("'", "''");
  return value.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}

/** As PQescapeIdentifier: always quoted. */
export function quoteIdentifier(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}
