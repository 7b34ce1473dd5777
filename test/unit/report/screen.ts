/**
 * A terminal's screen, as far as a progress display needs one: text, line breaks, wrapping on and off, moving the
 * cursor up and to a column, clearing. Anything else in the stream is an error of the test.
 */
export class Screen {
  readonly #columns: number;
  readonly #rows: number;
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #wraps = true;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  feed(text: string): this {
    // eslint-disable-next-line no-control-regex -- escape sequences are what this is about
    const tokens = text.match(/\x1b\[[?\d;]*[A-Za-z]|[^]/gu) ?? [];
    for (const token of tokens) {
      if (token.startsWith('\x1b')) this.#control(token.slice(2));
      else if (token === '\n') this.#newLine();
      else if (token === '\r') this.#column = 0;
      else this.#put(token);
    }
    return this;
  }

  /** Without the blank ends of lines and of the screen. */
  get text(): string {
    return this.#lines
      .map((line) =>
        Array.from(line, (character) => (character as string | undefined) ?? ' ')
          .join('')
          .trimEnd(),
      )
      .join('\n')
      .trimEnd();
  }

  #put(character: string): void {
    if (this.#column >= this.#columns) {
      if (this.#wraps) this.#newLine();
      else this.#column = this.#columns - 1;
    }
    this.#line()[this.#column++] = character;
  }

  #newLine(): void {
    this.#row++;
    this.#column = 0;
    this.#line();
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    const line = this.#lines[this.#row];
    if (line === undefined) throw new Error('no such line');
    return line;
  }

  #control(code: string): void {
    const count = Number.parseInt(code, 10) || 1;
    switch (code.replace(/\d+(?=[A-Z]$)/, '')) {
      case 'A':
        if (count >= this.#rows) throw new Error('the cursor left the screen');
        this.#row = Math.max(0, this.#row - count);
        break;
      case 'G':
        this.#column = count - 1;
        break;
      case 'J':
        this.#line().splice(this.#column);
        this.#lines.splice(this.#row + 1);
        break;
      case 'K':
        if (code === '2K') this.#line().splice(0);
        else this.#line().splice(this.#column);
        break;
      case '?7h':
        this.#wraps = true;
        break;
      case '?7l':
        this.#wraps = false;
        break;
      case '?25h':
      case '?25l':
        break;
      default:
        throw new Error(`unknown escape sequence ${code}`);
    }
  }
}
