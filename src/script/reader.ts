import { endsStatement, readCommand, unsupportedCommand } from './command.js';
import type { DirectiveReader } from './directives.js';
import type { Faults } from './faults.js';
import type { Input } from './input.js';
import { Lexer, type Stop } from './lexer.js';
import { SourceLines, type PassedLines, type SourceLine } from './source-lines.js';
import { StatementText, type SentText, type UsePlace } from './statement-text.js';
import { substitute, type VariableUse } from './variables.js';
import { PIECE_VARIABLES } from '../model/job.js';
import type { Directives } from '../model/script.js';

/** A statement as it stands in the script, with variables filled in; its SQL has not been looked at. */
export interface ReadStatement extends SentText {
  readonly directives: Directives;
  /** Variables that it uses and nobody defined: they are sent as they are written. */
  readonly undefinedVariables: readonly string[];
}

export interface ScriptReaderParts {
  readonly bytes: Buffer;
  readonly variables: ReadonlyMap<string, string>;
  readonly directives: DirectiveReader;
  readonly faults: Faults;
}

/**
 * psql's main loop (src/bin/psql/mainloop.c): reads line by line, and gives one statement after another, when it is
 * asked, so that whoever runs it can tell what a statement means for what follows (COPY data, settings).
 *
 * What is sent is what psql sends: blank lines outside quotes are left out, and so is what the lexer leaves out at the
 * start of a statement. Statements without a token are not given at all. The value of a variable is lexed on its own, in
 * the state of the lexer where it is used; a `;` in it ends the statement.
 *
 * It does not parse SQL.
 */
export class ScriptReader {
  /** The server's setting of this name. A change counts from the next line on, as in psql. */
  standardStrings = true;

  readonly #parts: ScriptReaderParts;
  readonly #lines: SourceLines;
  readonly #lexer = new Lexer();
  readonly #text = new StatementText();
  /** The line that is read, and the one before it, blank ones aside. */
  #line: OpenLine | undefined;
  #lineBefore: SourceLine | undefined;
  /** The values that are read in place of variables of the line; one may use another. */
  #expansions: Expansion[] = [];
  #undefinedVariables = new Set<string>();
  #previousEnd = 0;

  constructor(parts: ScriptReaderParts) {
    this.#parts = parts;
    this.#lines = new SourceLines(parts.bytes);
  }

  /** The next statement; undefined at the end of the script. */
  next(): ReadStatement | undefined {
    for (;;) {
      this.#line ??= this.#openLine();
      if (this.#line === undefined) break;
      const stop = this.#lexer.scan(this.#expansions.at(-1)?.input ?? this.#line.input);
      this.#send(this.#line, stop.from, stop.start);
      const statement = this.#act(this.#line, stop);
      if (statement !== undefined) return statement;
    }
    const last = this.#endStatement();
    if (last === undefined) this.#parts.directives.finish();
    return last;
  }

  /** The statement just given is a COPY FROM STDIN: from the next line to the end marker there is data, not SQL. */
  takeCopyData(): PassedLines {
    return this.#lines.passOver(END_OF_COPY);
  }

  #openLine(): OpenLine | undefined {
    let line = this.#lines.next();
    this.#lexer.lineBreak();
    while (line?.isEmpty === true && !this.#lexer.isQuoted) line = this.#lines.next();
    if (line === undefined) return undefined;
    // The line break goes with the statement only when there is more of it behind the break.
    const before = this.#lineBefore;
    if (before !== undefined && this.#lexer.sends) this.#text.addSource(before, before.end, before.end + 1);
    this.#lexer.standardStrings = this.standardStrings;
    return { source: line, input: { bytes: line.bytes, position: line.start, end: line.end } };
  }

  #closeLine(line: OpenLine): void {
    this.#lineBefore = line.source;
    this.#line = undefined;
  }

  /** Does what the stop asks for; returns the statement if it ends one. */
  #act(line: OpenLine, stop: Stop): ReadStatement | undefined {
    switch (stop.kind) {
      case 'end':
        if (this.#expansions.pop() === undefined) this.#closeLine(line);
        break;
      case 'semicolon':
        return this.#endStatement();
      case 'comment':
        this.#readComment(line, stop);
        break;
      case 'escape':
        this.#lexer.addToken();
        this.#send(line, stop.start + 1, stop.end);
        break;
      case 'backslash':
        this.#refuseCommand(line, stop);
        break;
      case 'variable':
        this.#useVariable(line, stop);
        break;
    }
    return undefined;
  }

  #endStatement(): ReadStatement | undefined {
    const { hasToken } = this.#lexer;
    const sent = this.#text.take(this.#previousEnd);
    const undefinedVariables = this.#undefinedVariables.size === 0 ? NONE : [...this.#undefinedVariables];
    this.#undefinedVariables.clear();
    this.#lexer.startStatement();
    if (!hasToken) return undefined;
    this.#previousEnd = sent.span.end;
    return { ...sent, directives: this.#parts.directives.take(), undefinedVariables };
  }

  #readComment(line: OpenLine, { start, end }: Stop): void {
    const isInValue = this.#expansions.length > 0;
    if (!isInValue) {
      const at = { line: line.source.number, column: line.source.column(start) };
      const comment = line.input.bytes.toString('utf8', start, end);
      this.#parts.directives.read(comment, at, this.#lexer.hasToken);
    }
    if (this.#lexer.sends) this.#send(line, start, end);
  }

  /** A fault, and what is left of the line is skipped, as it would be the arguments of the command. */
  #refuseCommand(line: OpenLine, stop: Stop): void {
    const command = readCommand(this.#expansions.at(-1)?.input ?? line.input);
    this.#parts.faults.add(this.#usePlace(line, stop).at, unsupportedCommand(command));
    this.#expansions = [];
    line.input.position = line.input.end;
    if (!endsStatement(command)) return;
    this.#lexer.addToken();
    this.#endStatement();
    this.#lexer.reset();
  }

  #useVariable(line: OpenLine, stop: Stop & { readonly kind: 'variable' }): void {
    const use = stop.variable;
    const place = this.#usePlace(line, stop);
    const value = this.#parts.variables.get(use.name);
    if (this.#parts.directives.isSplit && SLOTS.has(use.name)) {
      this.#lexer.addToken();
      this.#text.addSlot(use, place);
    } else if (use.form === 'test' || (use.form !== 'plain' && value !== undefined)) {
      this.#lexer.addToken();
      this.#text.addValue(substitute(use, value), place);
    } else if (value !== undefined && !this.#isExpanding(use, place)) {
      const bytes = Buffer.from(value);
      this.#expansions.push({ name: use.name, place, input: { bytes, position: 0, end: bytes.length } });
    } else {
      if (value === undefined) this.#undefinedVariables.add(use.name);
      this.#lexer.addToken();
      this.#send(line, stop.start, stop.end);
    }
  }

  /** A variable whose value uses itself: psql warns, and sends it as it is written. */
  #isExpanding({ name }: VariableUse, { at }: UsePlace): boolean {
    if (!this.#expansions.some((expansion) => expansion.name === name)) return false;
    const message = `the variable ${name} is used in its own value, and is not replaced there`;
    this.#parts.faults.add(at, {
      severity: 'warning',
      message,
      hint: `check the value given with -v ${name}=…`,
    });
    return true;
  }

  /** In a value: the place of the variable in the script, however deep the value is. */
  #usePlace(line: OpenLine, { start, end }: Stop): UsePlace {
    const expansion = this.#expansions.at(-1);
    if (expansion !== undefined) return expansion.place;
    return { at: { line: line.source.number, column: line.source.column(start) }, start, end };
  }

  /** Bytes `[from, to)` of what is being read, the line or a value, are part of the statement. */
  #send(line: OpenLine, from: number, to: number): void {
    const expansion = this.#expansions.at(-1);
    if (expansion === undefined) this.#text.addSource(line.source, from, to);
    else if (from < to)
      this.#text.addValue(expansion.input.bytes.toString('utf8', from, to), expansion.place);
  }
}

interface OpenLine {
  readonly source: SourceLine;
  readonly input: Input;
}

interface Expansion {
  readonly name: string;
  readonly place: UsePlace;
  readonly input: Input;
}

const END_OF_COPY = '\\.';
const NONE: readonly string[] = [];
const SLOTS: ReadonlySet<string> = new Set(PIECE_VARIABLES);
