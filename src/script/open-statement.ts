import type { SendMode } from './commands/call.js';
import { StatementText, type SentText } from './statement-text.js';
import type { Directives } from '../model/script.js';

/** A statement as it stands in the script, with variables filled in; its SQL has not been looked at. */
export interface ReadStatement extends SentText {
  readonly directives: Directives;
  /** Variables that it uses and nobody defined: they are sent as they are written. */
  readonly undefinedVariables: readonly string[];
  readonly how: SendMode;
  /** It ends in a `;`, which is not part of its text. */
  readonly terminated: boolean;
  /** Its text depends on the run: it holds a value, or a branch, that only the run knows. */
  readonly isUncertain: boolean;
}

/** The statement that is being read, and the one before it, which `\g` sends again when nothing stands before it. */
export class OpenStatement {
  readonly text = new StatementText();
  isUncertain = false;
  #undefinedVariables = new Set<string>();
  #previousEnd = 0;
  #previous: TakenText | undefined;
  #previousIsTerminated = false;

  /** It uses a variable that nobody defined. */
  addUndefined(name: string): void {
    this.#undefinedVariables.add(name);
  }

  /** The text of the open statement, or of the last one. */
  get buffer(): string {
    if (!this.text.isEmpty) return this.text.text;
    const text = (this.#previous?.text ?? []).map((part) =>
      part.kind === 'slot' ? `:${part.name}` : part.text,
    );
    return this.#previousIsTerminated ? `${text.join('')};` : text.join('');
  }

  /** What `\g` sends where nothing else is open. */
  get again(): TakenText | undefined {
    return this.text.isEmpty ? this.#previous : undefined;
  }

  /** What the next `\g` sends again. */
  keep(text: TakenText): void {
    this.#previous = text;
  }

  /** It is complete. An empty one is a statement too: nothing is what `\g` would send again behind it. */
  take({ hasToken, terminated }: { hasToken: boolean; terminated: boolean }): TakenText | undefined {
    const { text, at, span } = this.text.take(this.#previousEnd);
    const undefinedVariables = this.#undefinedVariables.size === 0 ? NONE : [...this.#undefinedVariables];
    const taken = { text, at, span, undefinedVariables, isUncertain: this.isUncertain };
    if (undefinedVariables !== NONE) this.#undefinedVariables.clear();
    this.isUncertain = false;
    this.#previous = hasToken ? taken : undefined;
    this.#previousIsTerminated = hasToken && terminated;
    if (hasToken) this.#previousEnd = span.end;
    return this.#previous;
  }

  /** It is thrown away, as `\r` wants it. */
  drop(): void {
    this.text.take(this.#previousEnd);
    this.#undefinedVariables.clear();
    this.isUncertain = false;
  }
}

export type TakenText = Omit<ReadStatement, 'directives' | 'how' | 'terminated'>;

const NONE: readonly string[] = [];
