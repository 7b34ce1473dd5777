import { closest } from './did-you-mean.js';
import {
  readLabel,
  readLabels,
  readRelations,
  readRetries,
  readTime,
  type Value,
} from './directive-values.js';
import type { DirectiveWord } from './directive-words.js';
import type { Faults, FileName } from './faults.js';
import type { RecordSources } from './records/sources.js';
import type { SplitWord } from './split-word-faults.js';
import { SplitWords } from './split-words.js';
import type { LineAndColumn } from './template.js';
import type { VariableValue } from './variable-store.js';
import type { AfterDirective, Directives } from '../model/script.js';

/** What the words of directives are read with. */
export interface DirectiveContext {
  /** The script's name, for places. */
  readonly name: FileName;
  /** For `rows=:name`. */
  readonly variables: { get(name: string): VariableValue | undefined };
  readonly records: RecordSources;
  /** `--bind` */
  readonly bind: boolean;
  readonly faults: Faults;
}

export const NO_DIRECTIVES: Directives = { after: [], barrier: false, noTransaction: false };

/** The words that may speak about a statement, in the words of messages. */
export const STATEMENT_WORDS_HELP =
  'split rows=N [into=K | size=R], split range=table.column [into=K | size=R | time=2s], split blocks=table, split each=FILE [bind], split values=a,b,c [bind], weight=COLUMN, over=targets|partitions, label=L, after=L, barrier, reads=a,b, writes=c, no-transaction, timeout=30s, retries=N';

/**
 * What directives say about one statement, gathered word by word. Each word is checked when it comes; a word with a
 * fault counts as given, so that one slip is one message.
 */
export class StatementDirectives {
  readonly #context: DirectiveContext;
  readonly #seen = new Set<string>();
  readonly #after: AfterDirective[] = [];
  readonly #split: SplitWords;
  #first: LineAndColumn | undefined;
  #label: string | undefined;
  #timeoutMs: number | undefined;
  #retries: number | undefined;
  #reads: readonly string[] | undefined;
  #writes: readonly string[] | undefined;

  constructor(context: DirectiveContext) {
    this.#context = context;
    this.#split = new SplitWords({ ...context, fault: (at, fault) => context.faults.add(at, fault) });
  }

  /** Where the first word stands; undefined when there is none. */
  get at(): LineAndColumn | undefined {
    return this.#first;
  }

  /** A variable that the pieces of the statement's split give. */
  isSlot(name: string): boolean {
    return this.#split.isSlot(name);
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
    const split = this.#split.finish();
    const saysTouches = this.#seen.has('reads') || this.#seen.has('writes');
    const touches = { reads: this.#reads ?? [], writes: this.#writes ?? [] };
    return {
      ...(split === undefined ? {} : { split }),
      ...(this.#label === undefined ? {} : { label: this.#label }),
      after: this.#after,
      barrier: this.#seen.has('barrier'),
      noTransaction: this.#seen.has('no-transaction'),
      ...(this.#timeoutMs === undefined ? {} : { timeoutMs: this.#timeoutMs }),
      ...(this.#retries === undefined ? {} : { retries: this.#retries }),
      ...(saysTouches ? { touches } : {}),
    };
  }

  #addFlag(name: KnownWord, word: DirectiveWord): void {
    if (word.value !== undefined) this.#fault(word.at, `${name} takes no value`, `write ${name} alone`);
    if (isSplitWord(name)) this.#split.add(name, word);
  }

  #addValue(name: KnownWord, word: DirectiveWord): void {
    if (word.value === undefined || word.value === '') {
      this.#fault(word.at, `${name} has no value`, `write it as in ${STATEMENT_WORDS_HELP}`);
      return;
    }
    if (isSplitWord(name)) {
      this.#split.add(name, word);
      return;
    }
    switch (name) {
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
      case 'retries':
        this.#retries = this.#valueOf(readRetries(word), word);
        break;
      case 'reads':
        this.#reads = this.#valueOf(readRelations(word), word);
        break;
      case 'writes':
        this.#writes = this.#valueOf(readRelations(word), word);
        break;
      case 'barrier':
      case 'no-transaction':
        break;
    }
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
  range: true,
  blocks: true,
  into: true,
  size: true,
  time: true,
  each: true,
  values: true,
  weight: true,
  bind: false,
  over: true,
  label: true,
  after: true,
  barrier: false,
  reads: true,
  writes: true,
  'no-transaction': false,
  timeout: true,
  retries: true,
} as const;
type KnownWord = keyof typeof TAKES_VALUE;

const SPLIT_WORDS: ReadonlySet<KnownWord> = new Set<SplitWord>([
  ...(['split', 'rows', 'range', 'blocks', 'into', 'size', 'time'] as const),
  ...(['each', 'values', 'weight', 'bind', 'over'] as const),
]);

function isSplitWord(name: KnownWord): name is SplitWord {
  return SPLIT_WORDS.has(name);
}

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
