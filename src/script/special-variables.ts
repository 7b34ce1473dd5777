import { parseBoolean } from './boolean.js';
import type { Fault } from './faults.js';

/**
 * The variables by which scripts tell psql how to behave (PostgreSQL documentation, psql, "Variables"; the checks are
 * those of src/bin/psql/startup.c). Which of them pqrun honours is said in the README.
 */

const SWITCHES: ReadonlySet<string> = new Set([
  'AUTOCOMMIT',
  'ON_ERROR_STOP',
  'QUIET',
  'SINGLELINE',
  'SINGLESTEP',
  'HIDE_TABLEAM',
  'HIDE_TOAST_COMPRESSION',
  'SHOW_ALL_RESULTS',
]);

/** Those that take a word, and the words. `bool`: or a boolean. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['ECHO', ['none', 'errors', 'queries', 'all']],
  ['ECHO_HIDDEN', ['noexec', 'bool']],
  ['ON_ERROR_ROLLBACK', ['interactive', 'bool']],
  ['VERBOSITY', ['default', 'verbose', 'terse', 'sqlstate']],
  ['SHOW_CONTEXT', ['never', 'errors', 'always']],
  ['COMP_KEYWORD_CASE', ['lower', 'upper', 'preserve-lower', 'preserve-upper']],
  ['HISTCONTROL', ['none', 'ignorespace', 'ignoredups', 'ignoreboth']],
]);

const NUMBERS: ReadonlySet<string> = new Set(['FETCH_COUNT', 'HISTSIZE', 'IGNOREEOF']);

/** A variable that psql itself listens to. */
export function isSpecial(name: string): boolean {
  return SWITCHES.has(name) || WORDS.has(name) || NUMBERS.has(name);
}

/** Why a value is none for this variable; undefined when it is, or the variable is an ordinary one. */
export function specialFault(name: string, value: string): Fault | undefined {
  if (SWITCHES.has(name)) {
    if (value === '' || parseBoolean(value) !== undefined) return undefined;
    return unrecognized(name, value, 'Boolean expected');
  }
  const words = WORDS.get(name);
  if (words !== undefined) {
    const isWord = words.some((word) => word !== 'bool' && word === value.toLowerCase());
    const isBoolean = words.includes('bool') && (value === '' || parseBoolean(value) !== undefined);
    if (isWord || isBoolean) return undefined;
    return unrecognized(
      name,
      value,
      `known are ${words.map((word) => (word === 'bool' ? 'on, off' : word)).join(', ')}`,
    );
  }
  if (!NUMBERS.has(name) || /^[-+]?\d+$/.test(value)) return undefined;
  return unrecognized(name, value, 'integer expected');
}

/** `\set AUTOCOMMIT` without a value switches it on. */
export function substituteSpecial(name: string, value: string): string {
  const isSwitch = SWITCHES.has(name) || WORDS.get(name)?.includes('bool') === true;
  return isSwitch && value === '' ? 'on' : value;
}

/** What pqrun does not do although the script asks for it. */
export function unhonoured(name: string, value: string): Fault | undefined {
  const isOn = parseBoolean(value) === true;
  const ask = { SINGLELINE: isOn, SINGLESTEP: isOn, SHOW_ALL_RESULTS: parseBoolean(value) === false };
  if (!Object.hasOwn(ask, name) || !ask[name as keyof typeof ask]) return undefined;
  return {
    severity: 'warning',
    message: `${name}=${value} is not honoured`,
    hint: 'remove it, or run this script with psql',
  };
}

function unrecognized(name: string, value: string, expected: string): Fault {
  return { message: `unrecognized value "${value}" for "${name}": ${expected}`, hint: 'correct the value' };
}
