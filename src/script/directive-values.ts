import type { DirectiveWord } from './directive-words.js';
import type { Fault } from './faults.js';
import { UNKNOWN, type VariableValue } from './variable-store.js';

/** The values that directives take: counts, times, labels. Each reader returns the value, or the fault in it. */
export type Value<T> = { readonly value: T } | { readonly fault: Fault };

/** A count in decimal digits, or `:name` for a variable that holds one. */
export function readCount(
  word: DirectiveWord,
  range: { readonly least: number },
  variables: { get(name: string): VariableValue | undefined },
): Value<number> {
  const variable = variableOf(word);
  const text = variable === undefined ? (word.value ?? '') : variables.get(variable);
  if (typeof text !== 'string') return valueUnknown(word, variable, text);
  const count = Number(text);
  if (/^[0-9]+$/.test(text) && count >= range.least && count <= Number.MAX_SAFE_INTEGER)
    return { value: count };
  const source = variable === undefined ? '' : ` (the value of :${variable})`;
  return fault(
    `${word.name}= takes a whole number from ${range.least} to ${Number.MAX_SAFE_INTEGER}, not “${text}”${source}`,
    `write it in plain digits, as in ${word.name}=${Math.max(range.least, 1000)}`,
  );
}

/** How often something may be tried again. */
export function readRetries(word: DirectiveWord): Value<number> {
  const { value = '' } = word;
  if (/^[0-9]{1,6}$/.test(value)) return { value: Number(value) };
  return fault(`retries= takes a whole number, not “${value}”`, 'write it in plain digits, as in retries=3');
}

/** A time as in postgresql.conf, in milliseconds; a plain number means seconds. */
export function readTime(word: DirectiveWord): Value<number> {
  const [, digits, unit = 's'] = /^([0-9]+)(ms|s|min|h)?$/.exec(word.value ?? '') ?? [];
  const milliseconds = digits === undefined ? NaN : Number(digits) * (MILLISECONDS[unit] ?? NaN);
  if (milliseconds >= 1 && milliseconds <= LONGEST_TIMEOUT) return { value: milliseconds };
  return fault(
    `${word.name}= takes a time from 1ms to ${LONGEST_TIMEOUT}ms, not “${word.value ?? ''}”`,
    `write a number and a unit (ms, s, min, h), as in ${word.name}=30s`,
  );
}

/** Any text, or `:name` for a variable that holds it. */
export function readText(
  word: DirectiveWord,
  variables: { get(name: string): VariableValue | undefined },
): Value<string> {
  const variable = variableOf(word);
  const text = variable === undefined ? (word.value ?? '') : variables.get(variable);
  return typeof text === 'string' ? { value: text } : valueUnknown(word, variable, text);
}

/** Values in a list with commas. */
export function readValueList(text: string): Value<readonly string[]> {
  const values = text.split(',').map((value) => value.trim());
  if (!values.includes('')) return { value: values };
  return fault(
    `the list “${text}” has an empty value in it`,
    'write values=a,b,c; split each=FILE takes values that are empty, or have commas in them',
  );
}

/** The name that a statement gets. */
export function readLabel(word: DirectiveWord): Value<string> {
  const label = word.value?.trim() ?? '';
  if (label !== '' && !label.includes(',')) return { value: label };
  return fault(
    `“${label}” cannot be a label`,
    'a label is a word without a comma, because after= takes a list of them',
  );
}

/** Labels in a list with commas. */
export function readLabels(word: DirectiveWord): Value<readonly string[]> {
  const labels = (word.value ?? '').split(',').map((label) => label.trim());
  if (!labels.includes('')) return { value: labels };
  return fault(`the list “${word.value ?? ''}” has an empty label in it`, `write ${word.name}=a,b`);
}

/** Names of relations in a list with commas, each as SQL writes it; `none` for no name at all. */
export function readRelations({ name: word, value = '' }: DirectiveWord): Value<readonly string[]> {
  if (value.trim().toLowerCase() === 'none') return { value: [] };
  if (RELATIONS.test(value))
    return { value: (value.match(RELATION) ?? []).map((relation) => relation.trim()) };
  return fault(
    `${word}= takes names of tables, not “${value}”`,
    `write ${word}=a,b, ${word}=schema.a, ${word}='"My Table",b' or ${word}=none`,
  );
}

const NAME_PART = String.raw`(?:"(?:[^"]|"")+"|[^\s",.'();]+)`;
const NAME = String.raw`\s*${NAME_PART}(?:\.${NAME_PART}){0,2}\s*`;
const RELATIONS = new RegExp(`^${NAME}(?:,${NAME})*$`, 'u');
const RELATION = new RegExp(NAME, 'gu');

function variableOf({ value = '' }: DirectiveWord): string | undefined {
  return /^:([\p{L}\p{N}_]+)$/u.exec(value)?.[1];
}

function valueUnknown(
  { name }: DirectiveWord,
  variable = '',
  value: typeof UNKNOWN | undefined,
): { readonly fault: Fault } {
  const what = value === UNKNOWN ? 'known only while the script runs' : 'not defined';
  const example = name === 'each' ? 'FILE' : name === 'values' ? 'a,b,c' : 'N';
  return fault(`the variable ${variable} of ${name}= is ${what}`, `give it with -v ${variable}=${example}`);
}

/** statement_timeout is a 32-bit number of milliseconds. */
const LONGEST_TIMEOUT = 2_147_483_647;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

function fault(message: string, hint: string): { readonly fault: Fault } {
  return { fault: { message, hint } };
}
