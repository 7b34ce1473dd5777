import { readCount, readText, readTime, readValueList, type Value } from './directive-values.js';
import type { DirectiveWord } from './directive-words.js';
import type { Fault, FileName } from './faults.js';
import type { FoundRecords, RecordSources } from './records/sources.js';
import { readBlocksTable, readRangeKey, type SplitKey } from './split-key.js';
import * as faults from './split-word-faults.js';
import type { SplitWord } from './split-word-faults.js';
import type { LineAndColumn } from './template.js';
import type { VariableValue } from './variable-store.js';
import { PIECE_VARIABLES } from '../model/job.js';
import type { Place } from '../model/place.js';
import type { ChunkSplit, RecordSet, SplitDirective } from '../model/script.js';

/**
 * The words of a split: `split`, and what says into which pieces: `rows=` with `into=` or `size=`; `range=` or `blocks=` with
 * `into=`, `size=` or `time=`; `each=`, `values=` with `bind`. Records are looked up as soon as they are named, because their
 * columns say which variables of the statement behind the directive are theirs.
 */
type SplitKind = 'rows' | 'range' | 'blocks' | 'each' | 'values';

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
  readonly #counts: { rows?: number; into?: number; size?: number; time?: number } = {};
  #at: LineAndColumn | undefined;
  /** The word that says of what the pieces are, and whether there was a fault in it. */
  #by: SplitKind | undefined;
  #bind: LineAndColumn | undefined;
  #share: { readonly word: 'into' | 'size' | 'time'; readonly at: LineAndColumn } | undefined;
  #records: RecordSet | undefined;
  #weight: { readonly column: string; readonly at: LineAndColumn } | undefined;
  #key: SplitKey | undefined;
  #over: { readonly what: 'targets' | 'partitions'; readonly at: LineAndColumn } | undefined;

  constructor(context: SplitContext) {
    this.#context = context;
  }

  get isSplit(): boolean {
    return this.#at !== undefined;
  }

  /** A variable that the pieces give. Where the records are not known all may be theirs. */
  isSlot(name: string): boolean {
    if (this.#at === undefined) return false;
    if (this.#by === 'range' || this.#by === 'blocks') return CHUNK_SLOTS.has(name);
    if (this.#by !== 'each' && this.#by !== 'values') return SERIES_SLOTS.has(name);
    if (this.#records === undefined || RECORD_SLOTS.has(name)) return true;
    return (this.#by === 'values' && name === 'value') || this.#records.columns.includes(name);
  }

  add(name: SplitWord, word: DirectiveWord): void {
    if (name === 'split') {
      this.#at = word.at;
      return;
    }
    if (this.#at === undefined) this.#fault(word.at, faults.withoutSplit(name));
    switch (name) {
      case 'rows':
        this.#setKind(name, word);
        this.#addCount(name, word, 0);
        break;
      case 'range':
      case 'blocks':
        this.#setKind(name, word);
        this.#key = this.#valueOf(name === 'range' ? readRangeKey(word) : readBlocksTable(word), word);
        break;
      case 'into':
      case 'size':
      case 'time':
        if (this.#share !== undefined) this.#fault(word.at, faults.twoShares(this.#share.word, name));
        this.#share ??= { word: name, at: word.at };
        if (name === 'time') this.#addTime(word);
        else this.#addCount(name, word, 1);
        break;
      case 'bind':
        this.#bind = word.at;
        break;
      case 'weight':
        this.#weight = { column: word.value ?? '', at: word.at };
        break;
      case 'over':
        if (word.value === 'targets' || word.value === 'partitions')
          this.#over = { what: word.value, at: word.at };
        else this.#fault(word.at, faults.NOT_OVER);
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
    const by = this.#by;
    if (by === undefined) this.#fault(this.#at, faults.NO_KIND);
    const isChunk = by === 'range' || by === 'blocks';
    if (this.#over?.what === 'partitions' && !isChunk) this.#fault(this.#over.at, faults.NO_PARTITIONS);
    if (this.#share?.word === 'time' && !isChunk) this.#fault(this.#share.at, faults.NO_TIME);
    if (by === 'each' || by === 'values') return this.#recordSplit(by, this.#at);
    if (this.#bind !== undefined) this.#fault(this.#bind, faults.NOTHING_TO_BIND);
    if (this.#weight !== undefined) this.#fault(this.#weight.at, faults.NOTHING_TO_WEIGH);
    if (isChunk) return this.#chunkSplit(by, this.#at);
    const { rows, into, size } = this.#counts;
    if (rows === undefined) return undefined;
    const share = { ...(into === undefined ? {} : { into }), ...(size === undefined ? {} : { size }) };
    return { by: 'rows', ...share, rows, ...this.#dealt, place: this.#placeOf(this.#at) };
  }

  #recordSplit(by: 'each' | 'values', at: LineAndColumn): SplitDirective {
    if (this.#share !== undefined) this.#fault(this.#share.at, faults.NO_SHARES);
    const records = this.#records;
    const bind = this.#bind !== undefined ? 'asked' : this.#context.bind ? 'default' : 'no';
    const { column, at: weightAt } = this.#weight ?? {};
    if (weightAt !== undefined && records?.columns.includes(column ?? '') === false)
      this.#fault(weightAt, faults.noWeight(column ?? '', records.columns));
    const weight = column === undefined ? {} : { weight: column };
    return { by, records, bind, ...weight, ...this.#dealt, place: this.#placeOf(at) };
  }

  #chunkSplit(by: 'range' | 'blocks', at: LineAndColumn): ChunkSplit | undefined {
    const byPartition = this.#over?.what === 'partitions' ? { byPartition: true } : {};
    if (this.#over?.what === 'partitions' && this.#share !== undefined)
      this.#fault(this.#share.at, faults.partitionsAre(this.#share.word));
    if (this.#key === undefined) return undefined;
    const { into, size, time } = this.#counts;
    const shares = {
      ...(into === undefined ? {} : { into }),
      ...(size === undefined ? {} : { size }),
      ...(time === undefined ? {} : { time }),
    };
    return { by, ...this.#key, ...shares, ...this.#dealt, ...byPartition, place: this.#placeOf(at) };
  }

  get #dealt(): { readonly isDealt?: true } {
    return this.#over?.what === 'targets' ? { isDealt: true } : {};
  }

  #placeOf(at: LineAndColumn): Place {
    return { ...this.#context.name, ...at };
  }

  #setKind(by: SplitKind, word: DirectiveWord): void {
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

  #addTime(word: DirectiveWord): void {
    const time = this.#valueOf(readTime(word), word);
    if (time !== undefined) this.#counts.time = time;
  }

  #find(by: 'each' | 'values', word: DirectiveWord): RecordSet | undefined {
    const text = this.#valueOf(readText(word, this.#context.variables), word);
    if (text === undefined) return undefined;
    const { records } = this.#context;
    const place = this.#placeOf(word.at);
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
const CHUNK_SLOTS: ReadonlySet<string> = new Set(['chunk', 'job', 'jobs']);

/** Any other value is a list. */
const QUERY = /^\s*(?:select|with|values|table)(?=[\s(])/i;
