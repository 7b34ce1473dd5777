/**
 * Tells whether a `;` stands inside the `BEGIN ATOMIC … END` body of CREATE FUNCTION or CREATE PROCEDURE.
 *
 * As psql does it (psqlscan.l), by counting words instead of parsing: when the statement's words begin with
 * `CREATE [OR REPLACE] {FUNCTION|PROCEDURE}`, each BEGIN outside parentheses opens, each END closes, and a CASE inside a
 * BEGIN opens too, because it also ends with END. Quoted names, strings and numbers are no words.
 */
export class RoutineBody {
  #depth = 0;
  #words = 0;
  /** One letter for each of the first four words: its first when it is a word of the opening, else `-`. */
  #opening = '';
  #isRoutine = false;

  /** True inside a body, where `;` does not end the statement. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  /** False as long as no word can matter any more, so that the lexer need not decode it. */
  get listens(): boolean {
    return this.#isRoutine || this.#words < OPENING_WORDS;
  }

  /** The next word of the statement, in any case, and the number of parentheses open around it. */
  word(text: string, parens: number): void {
    const word = text.toLowerCase();
    if (this.#words < OPENING_WORDS) {
      this.#opening += OPENING.has(word) ? word.charAt(0) : '-';
      this.#isRoutine = /^c(?:or)?[fp]/.test(this.#opening);
      // Most statements begin with another word than CREATE: no other of theirs can matter.
      this.#words = this.#opening.startsWith('c') ? this.#words + 1 : OPENING_WORDS;
    }
    if (!this.#isRoutine || parens > 0) return;
    if (word === 'begin' || (word === 'case' && this.#depth > 0)) this.#depth += 1;
    else if (word === 'end' && this.#depth > 0) this.#depth -= 1;
  }

  /** A new statement begins. Behind `\;` a body that is open stays open. */
  startStatement(): void {
    this.#words = 0;
    this.#opening = '';
    this.#isRoutine = false;
  }

  /** Forget everything, as psql does behind `\g`. */
  reset(): void {
    this.#depth = 0;
    this.startStatement();
  }
}

const OPENING_WORDS = 4;
const OPENING = new Set(['create', 'or', 'replace', 'function', 'procedure']);
