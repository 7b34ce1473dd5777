import { parseBoolean } from './boolean.js';
import { isSpecial, specialFault, substituteSpecial } from './special-variables.js';
import type { Fault } from './faults.js';

/**
 * The psql variables of one script while it is read: what `-v` gave, what `\set` sets, and psql's own ones.
 *
 * A value may be not known yet: the server will give it (`\gset`, `:ROW_COUNT`), or it depends on a branch that only the
 * run decides. Whoever runs the script knows all values.
 */
export const UNKNOWN = Symbol('a value that only the run knows');
export type VariableValue = string | typeof UNKNOWN;

export class VariableStore {
  readonly #values: Map<string, VariableValue>;
  readonly #onGet: ((name: string) => void) | undefined;
  /** Beginnings of names that anybody may have set. */
  readonly #clouds: string[] = [];

  /** `onGet` is told of each variable that is asked for. */
  constructor(given: Iterable<readonly [string, VariableValue]>, onGet?: (name: string) => void) {
    this.#onGet = onGet;
    this.#values = new Map([...DEFAULTS, ...given]);
  }

  /** Undefined: nobody set it. */
  get(name: string): VariableValue | undefined {
    this.#onGet?.(name);
    return (
      this.#values.get(name) ?? (this.#clouds.some((prefix) => name.startsWith(prefix)) ? UNKNOWN : undefined)
    );
  }

  /** The run is about to set variables whose names begin so, and only it knows which (`\gset`). */
  cloud(prefix: string): void {
    this.#clouds.push(prefix);
    for (const name of this.#values.keys()) {
      if (name.startsWith(prefix) && !isSpecial(name)) this.#values.set(name, UNKNOWN);
    }
  }

  /** A variable that is a word of psql's own, such as ECHO, in small letters. */
  word(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value.toLowerCase() : '';
  }

  /** ON_ERROR_STOP, AUTOCOMMIT …; false as long as it is unknown. */
  flag(name: string): boolean {
    const value = this.#values.get(name);
    return typeof value === 'string' && parseBoolean(value) === true;
  }

  /** Returns why psql would refuse it; then nothing is changed. */
  set(name: string, value: VariableValue): Fault | undefined {
    if (!isVariableName(name)) return { message: `invalid variable name: "${name}"`, hint: NAME_HINT };
    const fault = value === UNKNOWN ? undefined : specialFault(name, value);
    if (fault === undefined)
      this.#values.set(name, value === UNKNOWN ? value : substituteSpecial(name, value));
    return fault;
  }

  /** To unset what nobody could have set is no error. */
  unset(name: string): void {
    // psql's own switches are never unset: they go back to what they mean when nobody sets them.
    const initial = RESET_BY_UNSET.get(name);
    if (initial === undefined) this.#values.delete(name);
    else this.#values.set(name, initial);
  }

  /** All that are known, by name, for `\set` without arguments. */
  list(): readonly (readonly [string, string])[] {
    const known = [...this.#values].filter((entry): entry is [string, string] => entry[1] !== UNKNOWN);
    return known.sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

/** Letters, digits, underscores and whatever is not ASCII. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z0-9_\u0080-\u{10ffff}]+$/u.test(name);
}

const NAME_HINT = 'use letters, digits and underscores';

const RESET_BY_UNSET: ReadonlyMap<string, string> = new Map([
  ['AUTOCOMMIT', 'off'],
  ['ON_ERROR_STOP', 'off'],
  ['ON_ERROR_ROLLBACK', 'off'],
  ['QUIET', 'off'],
  ['SINGLELINE', 'off'],
  ['SINGLESTEP', 'off'],
  ['ECHO_HIDDEN', 'off'],
  ['HIDE_TABLEAM', 'off'],
  ['HIDE_TOAST_COMPRESSION', 'off'],
  ['SHOW_ALL_RESULTS', 'off'],
  ['ECHO', 'none'],
  ['VERBOSITY', 'default'],
  ['SHOW_CONTEXT', 'errors'],
  ['COMP_KEYWORD_CASE', 'preserve-upper'],
  ['HISTCONTROL', 'none'],
  ['FETCH_COUNT', '0'],
  ['HISTSIZE', '500'],
  ['IGNOREEOF', '0'],
]);

/** What a session begins with. Unlike psql's, a failure stops the script unless it says otherwise. */
const DEFAULTS: readonly (readonly [string, VariableValue])[] = [
  ...RESET_BY_UNSET,
  ['AUTOCOMMIT', 'on'],
  ['ON_ERROR_STOP', 'on'],
  ['SHOW_ALL_RESULTS', 'on'],
  ['VERSION', 'pqrun, which reads scripts as psql 18 does'],
  ['VERSION_NAME', '18.0'],
  ['VERSION_NUM', '180000'],
  ...[
    ...['DBNAME', 'USER', 'HOST', 'PORT', 'ENCODING', 'SERVER_VERSION_NAME', 'SERVER_VERSION_NUM'],
    ...['ERROR', 'SQLSTATE', 'ROW_COUNT', 'LAST_ERROR_MESSAGE', 'LAST_ERROR_SQLSTATE'],
  ].map((name) => [name, UNKNOWN] as const),
];
