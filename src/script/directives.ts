import { closest } from './did-you-mean.js';
import { readDirectiveWords, type DirectiveWord } from './directive-words.js';
import {
  NO_DIRECTIVES,
  STATEMENT_WORDS_HELP,
  StatementDirectives,
  type DirectiveContext,
} from './statement-directives.js';
import type { LineAndColumn } from './template.js';
import type { Directives, ScriptMode } from '../model/script.js';

/**
 * What `-- pqrun:` comments say. Those at the start of a statement are gathered until the statement comes and takes
 * them; those that begin with `file` speak about the script, and stand before its first statement.
 *
 * Each directive is checked by itself. Whether a statement suits its directives is not known here, nor are the other
 * scripts of the run, so labels are not looked up.
 */
export class DirectiveReader {
  readonly #context: DirectiveContext;
  #pending: StatementDirectives;
  #session = false;
  #order: ScriptMode['order'];
  #hasStatements = false;

  constructor(context: DirectiveContext) {
    this.#context = context;
    this.#pending = new StatementDirectives(context);
  }

  /** What the `file` directives say. */
  get mode(): ScriptMode {
    return { session: this.#session, order: this.#order };
  }

  /** True for a variable of the next statement that the pieces of its split give, even if there is a fault in how. */
  isSlot(name: string): boolean {
    return this.#pending.isSlot(name);
  }

  /** Any line comment outside quotes. `isInside`: the statement that it stands in has begun. */
  read(comment: string, at: LineAndColumn, isInside: boolean): void {
    const directive = readDirectiveWords(comment, at);
    if (directive === undefined) return;
    const [first, ...rest] = directive.words;
    if (isInside) this.#fault(directive.at, ...INSIDE_STATEMENT);
    else if (directive.fault !== undefined) this.#context.faults.add(directive.fault.at, directive.fault);
    else if (first === undefined) this.#fault(directive.at, ...EMPTY);
    else if (first.name === 'file') this.#readFileWords(first, rest);
    else for (const word of directive.words) this.#pending.add(word);
  }

  /** The statement has come: what was said about it. */
  take(): Directives {
    this.#hasStatements = true;
    if (this.#pending.at === undefined) return NO_DIRECTIVES;
    const directives = this.#pending.finish();
    this.#pending = new StatementDirectives(this.#context);
    return directives;
  }

  /** The script is at its end: directives that no statement took are a fault. */
  finish(): void {
    if (this.#pending.at !== undefined) this.#fault(this.#pending.at, ...NO_STATEMENT);
  }

  #readFileWords(first: DirectiveWord, words: readonly DirectiveWord[]): void {
    if (first.value !== undefined || words.length === 0)
      this.#fault(first.at, 'file does not say what', KNOWN_FILE_WORDS);
    else if (this.#hasStatements) this.#fault(first.at, ...FILE_TOO_LATE);
    else for (const word of words) this.#readFileWord(word);
  }

  #readFileWord({ name, value, at }: DirectiveWord): void {
    if (name === 'session' && value === undefined) {
      if (this.#session) this.#fault(at, 'file session is said twice', 'remove one of the two');
      this.#session = true;
    } else if (name === 'order' && value !== undefined) {
      if (this.#order !== undefined) this.#fault(at, 'file order= is said twice', 'remove one of the two');
      this.#order = ORDERS.find((order) => order === value);
      if (this.#order === undefined) this.#fault(at, `file order= cannot be “${value}”`, KNOWN_FILE_WORDS);
    } else {
      const meant = closest(name, ['session', 'order']);
      const guess = meant === undefined ? '' : `did you mean ${meant}? `;
      const written = value === undefined ? name : `${name}=${value}`;
      this.#fault(at, `unknown directive “file ${written}”`, guess + KNOWN_FILE_WORDS);
    }
  }

  #fault(at: LineAndColumn, message: string, hint: string): void {
    this.#context.faults.add(at, { message, hint });
  }
}

const ORDERS = ['auto', 'none', 'sequential'] as const;

const KNOWN_FILE_WORDS = `known are file session and file order=${ORDERS.join('|')}`;

// Message and hint.
const INSIDE_STATEMENT = [
  'this directive stands inside a statement',
  'move it before the first word of the statement that it speaks about',
] as const;
const EMPTY = [
  'this directive says nothing',
  `known are ${STATEMENT_WORDS_HELP}, file session, file order=…`,
] as const;
const FILE_TOO_LATE = [
  'a file directive stands behind the first statement',
  'move it to the beginning of the script',
] as const;
const NO_STATEMENT = [
  'no statement follows this directive',
  'put it before the statement that it speaks about, or remove it',
] as const;
