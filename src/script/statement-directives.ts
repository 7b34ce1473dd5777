import { closest } from './did-you-mean.js';
import { readCount, readLabel, readLabels, readTime, type Value } from './directive-values.js';
import type { DirectiveWord } from './directive-words.js';
import type { Faults, FileName } from './faults.js';
import type { LineAndColumn } from './template.js';
import type { VariableValue } from './variable-store.js';
import type { AfterDirective, Directives, SplitDirective } from '../model/script.js';

/** What the words of directives are read with. */
export interface DirectiveContext {
  /** The script's name, for places. */
  readonly name: FileName;
  /** For `rows=:name`. */
  readonly variables: { get(name: string): VariableValue | undefined };
  readonly faults: Faults;
}

export const NO_DIRECTIVES: Directives = { after: [], barrier: false, noTransaction: false };

/** The words that may speak about a statement, in the words of messages. */
export const STATEMENT_WORDS_HELP =
  'split rows=N [into=K | size=R], label=L, after=L, barrier, no-transaction, timeout=30s';

/**
 * What directives say about one statement, gathered word by word. Each word is checked when it comes; a word with a
 * fault counts as given, so that one slip is one message.
 */
export class StatementDirectives {
  readonly #context: DirectiveContext;
  readonly #seen = new Set<string>();
  readonly #after: AfterDirective[] = [];
  readonly #counts: { rows?: number; into?: number; size?: number } = {};
  #first: LineAndColumn | undefined;
  #split: LineAndColumn | undefined;
  #label: string | undefined;
  #timeoutMs: number | undefined;

  constructor(context: DirectiveContext) {
    this.#context = context;
  }

  /** Where the first word stands; undefined when there is none. */
  get at(): LineAndColumn | undefined {
    return this.#first;
  }

  get isSplit(): boolean {
    return this.#split !== undefined;
  }

  add(word: DirectiveWord): void {
    this.#first ??= word.at;
    const { name } = word;
    if (!isKnown(name)) this.#fault(word.at, ...unknownWord(word));
    else if (this.#seen.has(name) && name !== 'after') {
      this.#fault(word.at, `${name} is said twice about one statement`, 'remove one of the two');
    } else {
      this.#seen.add(name);
      if (TAKES_VALUE[name]) this.#addValue(name, word);
      else this.#addFlag(name, word);
    }
  }

  /** All words are there. */
  finish(): Directives {
    const split = this.#finishSplit();
    return {
      ...(split === undefined ? {} : { split }),
      ...(this.#label === undefined ? {} : { label: this.#label }),
      after: this.#after,
      barrier: this.#seen.has('barrier'),
      noTransaction: this.#seen.has('no-transaction'),
      ...(this.#timeoutMs === undefined ? {} : { timeoutMs: this.#timeoutMs }),
    };
  }

  #addFlag(name: KnownWord, word: DirectiveWord): void {
    if (word.value !== undefined) this.#fault(word.at, `${name} takes no value`, `write ${name} alone`);
    if (name === 'split') this.#split = word.at;
  }

  #addValue(name: KnownWord, word: DirectiveWord): void {
    if (word.value === undefined || word.value === '') {
      this.#fault(word.at, `${name} has no value`, `write it as in ${STATEMENT_WORDS_HELP}`);
      return;
    }
    switch (name) {
      case 'rows':
      case 'into':
      case 'size':
        this.#addCount(name, word);
        break;
      case 'label':
        this.#label = this.#valueOf(readLabel(word), word);
        break;
      case 'after':
        for (const label of this.#valueOf(readLabels(word), word) ?? []) {
          this.#after.push({ label, place: { ...this.#context.name, ...word.at } });
        }
        break;
      case 'timeout':
        this.#timeoutMs = this.#valueOf(readTime(word), word);
        break;
      case 'split':
      case 'barrier':
      case 'no-transaction':
        break;
    }
  }

  #addCount(name: 'rows' | 'into' | 'size', word: DirectiveWord): void {
    if (this.#split === undefined) {
      this.#fault(
        word.at,
        `${name}= belongs to split`,
        `write split before it, as in split rows=N ${name === 'rows' ? '' : `${name}=…`}`.trimEnd(),
      );
    }
    const other = { into: 'size', size: 'into', rows: '' }[name];
    if (this.#seen.has(other)) {
      this.#fault(word.at, 'into= and size= both say how many pieces there are', 'remove one of the two');
    }
    const count = this.#valueOf(
      readCount(word, { least: name === 'rows' ? 0 : 1 }, this.#context.variables),
      word,
    );
    if (count !== undefined) this.#counts[name] = count;
  }

  #finishSplit(): SplitDirective | undefined {
    if (this.#split === undefined) return undefined;
    const { rows } = this.#counts;
    if (!this.#seen.has('rows')) {
      this.#fault(this.#split, 'split does not say of how many rows', 'write split rows=N');
    }
    if (rows === undefined) return undefined;
    return { by: 'rows', ...this.#counts, rows, place: { ...this.#context.name, ...this.#split } };
  }

  #valueOf<T>(value: Value<T>, word: DirectiveWord): T | undefined {
    if ('value' in value) return value.value;
    this.#context.faults.add(word.at, value.fault);
    return undefined;
  }

  #fault(at: LineAndColumn, message: string, hint: string): void {
    this.#context.faults.add(at, { message, hint });
  }
}

const TAKES_VALUE = {
  split: false,
  rows: true,
  into: true,
  size: true,
  label: true,
  after: true,
  barrier: false,
  'no-transaction': false,
  timeout: true,
} as const;
type KnownWord = keyof typeof TAKES_VALUE;

function isKnown(name: string): name is KnownWord {
  return Object.hasOwn(TAKES_VALUE, name);
}

/** Message and hint. */
function unknownWord(word: DirectiveWord): [string, string] {
  if (word.name === '') return ['a value without a name', `known are ${STATEMENT_WORDS_HELP}`];
  const meant = closest(word.name, [...Object.keys(TAKES_VALUE), 'file']);
  const guess = meant === undefined ? '' : `did you mean ${meant}? `;
  const place =
    word.name === 'file' || meant === 'file'
      ? '; file session and file order=… stand in a comment of their own'
      : '';
  return [`unknown directive “${word.name}”`, `${guess}known are ${STATEMENT_WORDS_HELP}${place}`];
}
