import { readCount, readText, readValueList, type Value } from './directive-values.js';
import type { DirectiveWord } from './directive-words.js';
import type { Fault, FileName } from './faults.js';
import type { FoundRecords, RecordSources } from './records/sources.js';
import type { LineAndColumn } from './template.js';
import type { VariableValue } from './variable-store.js';
import { PIECE_VARIABLES } from '../model/job.js';
import type { RecordSet, SplitDirective } from '../model/script.js';

/**
 * The words of a split: `split`, and what says into which pieces: `rows=` with `into=` or `size=`; `each=`, `values=` with
 * `bind`. Records are looked up as soon as they are named, because their columns say which variables of the statement
 * behind the directive are theirs.
 */
export type SplitWord = 'split' | 'rows' | 'into' | 'size' | 'each' | 'values' | 'bind' | 'over';

export interface SplitContext {
  readonly name: FileName;
  readonly variables: { get(name: string): VariableValue | undefined };
  readonly records: RecordSources;
  /** All splits that can are to send their columns as parameters. */
  readonly bind: boolean;
  readonly fault: (at: LineAndColumn, fault: Fault) => void;
}

export class SplitWords {
  readonly #context: SplitContext;
  readonly #counts: { rows?: number; into?: number; size?: number } = {};
  #at: LineAndColumn | undefined;
  /** The word that says of what the pieces are, and whether there was a fault in it. */
  #by: 'rows' | 'each' | 'values' | undefined;
  #bind: LineAndColumn | undefined;
  #share: { readonly word: 'into' | 'size'; readonly at: LineAndColumn } | undefined;
  #records: RecordSet | undefined;
  #isDealt = false;

  constructor(context: SplitContext) {
    this.#context = context;
  }

  get isSplit(): boolean {
    return this.#at !== undefined;
  }

  /** A variable that the pieces give. Where the records are not known all may be theirs. */
  isSlot(name: string): boolean {
    if (this.#at === undefined) return false;
    if (this.#by !== 'each' && this.#by !== 'values') return SERIES_SLOTS.has(name);
    if (this.#records === undefined || RECORD_SLOTS.has(name)) return true;
    return (this.#by === 'values' && name === 'value') || this.#records.columns.includes(name);
  }

  add(name: SplitWord, word: DirectiveWord): void {
    if (name === 'split') {
      this.#at = word.at;
      return;
    }
    if (this.#at === undefined) {
      const example = { rows: 'rows=N', into: 'rows=N into=…', size: 'rows=N size=…', ...RECORD_EXAMPLES };
      const hint = `write split before it, as in split ${example[name]}`;
      this.#fault(word.at, { message: `${name}${name === 'bind' ? '' : '='} belongs to split`, hint });
    }
    switch (name) {
      case 'rows':
        this.#setKind(name, word);
        this.#addCount(name, word, 0);
        break;
      case 'into':
      case 'size':
        if (this.#share !== undefined) this.#fault(word.at, TWO_SHARES);
        this.#share ??= { word: name, at: word.at };
        this.#addCount(name, word, 1);
        break;
      case 'bind':
        this.#bind = word.at;
        break;
      case 'over':
        this.#isDealt = word.value === 'targets';
        if (!this.#isDealt) this.#fault(word.at, NOT_OVER);
        break;
      case 'each':
      case 'values':
        this.#setKind(name, word);
        this.#records = this.#find(name, word);
    }
  }

  /** All words are there. */
  finish(): SplitDirective | undefined {
    if (this.#at === undefined) return undefined;
    const place = { ...this.#context.name, ...this.#at };
    const dealt = this.#isDealt ? { isDealt: true } : {};
    if (this.#by === undefined) this.#fault(this.#at, NO_KIND);
    if (this.#by === 'each' || this.#by === 'values') {
      if (this.#share !== undefined) this.#fault(this.#share.at, NO_SHARES);
      const bind = this.#bind !== undefined ? 'asked' : this.#context.bind ? 'default' : 'no';
      return { by: this.#by, records: this.#records, bind, ...dealt, place };
    }
    if (this.#bind !== undefined) this.#fault(this.#bind, NOTHING_TO_BIND);
    const { rows } = this.#counts;
    return rows === undefined ? undefined : { by: 'rows', ...this.#counts, rows, ...dealt, place };
  }

  #setKind(by: 'rows' | 'each' | 'values', word: DirectiveWord): void {
    if (this.#by !== undefined) {
      const message = `${this.#by}= and ${by}= both say what the pieces are`;
      this.#fault(word.at, { message, hint: 'remove one of the two' });
    }
    this.#by ??= by;
  }

  #addCount(name: 'rows' | 'into' | 'size', word: DirectiveWord, least: number): void {
    const count = this.#valueOf(readCount(word, { least }, this.#context.variables), word);
    if (count !== undefined) this.#counts[name] = count;
  }

  #find(by: 'each' | 'values', word: DirectiveWord): RecordSet | undefined {
    const text = this.#valueOf(readText(word, this.#context.variables), word);
    if (text === undefined) return undefined;
    const { records } = this.#context;
    const place = { ...this.#context.name, ...word.at };
    if (by === 'each') return this.#recordsOf(records.file(text, place), word);
    if (QUERY.test(text)) return this.#recordsOf(records.query(text, place), word);
    const values = this.#valueOf(readValueList(text), word);
    return values && { columns: ['value'], records: values.map((value) => ({ values: [value] })) };
  }

  #recordsOf(found: FoundRecords, word: DirectiveWord): RecordSet | undefined {
    if (found.kind === 'fault') this.#fault(word.at, found.fault);
    return found.kind === 'records' ? found.records : undefined;
  }

  #valueOf<T>(value: Value<T>, word: DirectiveWord): T | undefined {
    if ('value' in value) return value.value;
    this.#fault(word.at, value.fault);
    return undefined;
  }

  #fault(at: LineAndColumn, fault: Fault): void {
    this.#context.fault(at, fault);
  }
}

const SERIES_SLOTS: ReadonlySet<string> = new Set(PIECE_VARIABLES);
const RECORD_SLOTS: ReadonlySet<string> = new Set(['job', 'jobs']);
const RECORD_EXAMPLES = {
  each: 'each=FILE',
  values: 'values=a,b,c',
  bind: 'each=FILE bind',
  over: 'rows=N over=targets',
};

/** Any other value is a list. */
const QUERY = /^\s*(?:select|with|values|table)(?=[\s(])/i;

const NO_KIND: Fault = {
  message: 'split does not say of how many rows',
  hint: 'write split rows=N, split each=FILE, or split values=a,b,c',
};
const TWO_SHARES: Fault = {
  message: 'into= and size= both say how many pieces there are',
  hint: 'remove one of the two',
};
const NOT_OVER: Fault = {
  message: 'a split can be dealt out over targets only',
  hint: 'write over=targets: each database then does its share of the pieces',
};
const NO_SHARES: Fault = {
  message: 'into= and size= belong to split rows=N: of records each is a piece',
  hint: 'remove it',
};
const NOTHING_TO_BIND: Fault = {
  message: 'bind belongs to split each= or split values=, whose columns are the parameters $1, $2 …',
  hint: 'remove it',
};
