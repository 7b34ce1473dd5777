import type { Input } from './input.js';
import type { SourceLine } from './source-line.js';
import type { StatementText, UsePlace } from './statement-text.js';
import type { Span } from '../model/place.js';

/**
 * The line that is being read, with the values that are read in place of its variables: one may use another. All that is
 * in a value stands, for people, where the outermost variable is used.
 */
export class OpenLine {
  readonly source: SourceLine;
  readonly #input: Input;
  /** Innermost last. */
  readonly #values: OpenValue[] = [];

  constructor(source: SourceLine) {
    this.source = source;
    this.#input = { bytes: source.bytes, position: source.start, end: source.end };
  }

  /** What is being read: the line, or a value. */
  get input(): Input {
    return this.#values.at(-1)?.input ?? this.#input;
  }

  get isInValue(): boolean {
    return this.#values.length > 0;
  }

  /** The value of this variable is being read. */
  isReading(name: string): boolean {
    return this.#values.some((value) => value.name === name);
  }

  /** The value of the variable that is used at this place is read next. */
  beginValue(name: string, value: string, place: UsePlace): void {
    const bytes = Buffer.from(value);
    this.#values.push({ name, place, input: { bytes, position: 0, end: bytes.length } });
  }

  /** What is being read is at its end; false: so is the line. */
  endValue(): boolean {
    return this.#values.pop() !== undefined;
  }

  /** Of bytes of what is being read: in a value, the place of the variable, however deep the value is. */
  placeOf({ start, end }: Span): UsePlace {
    const value = this.#values.at(-1);
    if (value !== undefined) return value.place;
    const { source } = this;
    return {
      at: { line: source.number, column: source.column(start) },
      start: source.offsetOf(start),
      end: source.offsetOf(end),
    };
  }

  /** Bytes `[start, end)` of what is being read are part of the statement. */
  addTo(text: StatementText, start: number, end: number): void {
    const value = this.#values.at(-1);
    if (value === undefined) text.addSource(this.source, start, end);
    else if (start < end) text.addValue(value.input.bytes.toString('utf8', start, end), value.place);
  }
}

interface OpenValue {
  readonly name: string;
  /** Of the variable in the script. */
  readonly place: UsePlace;
  readonly input: Input;
}
