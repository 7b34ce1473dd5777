import { PLAIN, type CommandCall, type SendMode } from './commands/call.js';
import { readCommand } from './commands/read-command.js';
import { Conditions } from './conditions.js';
import type { DirectiveReader } from './directives.js';
import type { Decoder } from './encodings.js';
import type { Fault, Faults } from './faults.js';
import { Lexer, type LexerMark, type Stop } from './lexer.js';
import { OpenLine } from './open-line.js';
import { OpenStatement, type ReadStatement, type TakenText } from './open-statement.js';
import type { SourceLine } from './source-line.js';
import type { PassedLines, SourceLines } from './source-lines.js';
import type { TextMark, UsePlace } from './statement-text.js';
import type { LineAndColumn } from './template.js';
import { lineFault } from './encoding.js';
import { UNKNOWN, type VariableStore } from './variable-store.js';
import { substitute, type VariableUse } from './variables.js';

export type ReadItem =
  | { readonly kind: 'statement'; readonly statement: ReadStatement }
  | { readonly kind: 'command'; readonly call: ReadCall; readonly at: LineAndColumn };

/** What the reader does not do itself. */
export type ReadCall = Exclude<
  CommandCall,
  { readonly kind: 'send' | 'reset' | 'if' | 'elif' | 'else' | 'endif' }
>;

export interface ScriptReaderParts {
  readonly lines: SourceLines;
  readonly variables: VariableStore;
  readonly directives: DirectiveReader;
  readonly faults: Faults;
  /** Gets each line that is read when ECHO says so. */
  readonly echo?: (line: string) => void;
}

/**
 * psql's main loop (src/bin/psql/mainloop.c) over one file: reads line by line, and gives one statement or meta-command
 * after another, when it is asked, so that whoever runs it can tell what each means for what follows (variables, COPY
 * data, settings).
 *
 * What is sent is what psql sends: blank lines outside quotes are left out, and so is what the lexer leaves out at the
 * start of a statement. Statements without a token are not given at all. The value of a variable is lexed on its own, in
 * the state of the lexer where it is used; a `;` in it ends the statement. In a branch that is not taken everything is
 * lexed (a quote that is open there hides the `\endif`), but nothing is given.
 *
 * It does not parse SQL, and knows no other file.
 */
export class ScriptReader {
  /** The server's setting of this name. A change counts from the next line on, as in psql. */
  standardStrings = true;
  /** Of the script's text, from the next line on; undefined: UTF-8. */
  decoder: Decoder | undefined;

  readonly #parts: ScriptReaderParts;
  readonly #lexer = new Lexer();
  readonly #statement = new OpenStatement();
  readonly #conditions = new Conditions<ReaderMark>();
  /** The line that is read, and the one before it, blank ones aside. */
  #line: OpenLine | undefined;
  #lineBefore: SourceLine | undefined;
  #stopsOnError = true;
  #hasQuit = false;
  #isFinished = false;

  constructor(parts: ScriptReaderParts) {
    this.#parts = parts;
  }

  /** A failure ends the script: ON_ERROR_STOP as it was when the line began. */
  get stopsOnError(): boolean {
    return this.#stopsOnError;
  }

  /** Whether what is read now is done depends on the run. */
  get isUncertain(): boolean {
    return this.#conditions.isUncertain;
  }

  /** The open statement, or the last one. */
  get buffer(): string {
    return this.#statement.buffer;
  }

  /** The next statement or command; undefined at the end of the script. */
  next(): ReadItem | undefined {
    while (!this.#hasQuit) {
      this.#line ??= this.#openLine();
      if (this.#line === undefined) break;
      const stop = this.#lexer.scan(this.#line.input);
      this.#line.addTo(this.#statement.text, stop.from, stop.start);
      const item = this.#act(this.#line, stop);
      if (item !== undefined) return item;
    }
    return this.#finish();
  }

  /** The statement just given is a COPY FROM STDIN: from the next line to the end marker there is data, not SQL. */
  takeCopyData(): PassedLines {
    return this.#parts.lines.passData();
  }

  /** Nothing more is read; a statement that is open is still given. */
  quit(): void {
    this.#hasQuit = true;
    this.#line = undefined;
  }

  #openLine(): OpenLine | undefined {
    let line = this.#parts.lines.next(this.decoder);
    while (line?.isEmpty === true && !this.#lexer.isQuoted) line = this.#parts.lines.next(this.decoder);
    if (line === undefined) return undefined;
    const fault = lineFault(line);
    if (fault !== undefined) {
      this.#parts.faults.addUnreadable(fault.at, fault);
      return undefined;
    }
    // The line break goes with the statement only when there is more of it behind the break.
    const before = this.#lineBefore;
    if (before !== undefined && !this.#statement.text.isEmpty) this.#statement.text.addLineBreak(before);
    if (this.#parts.variables.word('ECHO') === 'all') this.#parts.echo?.(line.text);
    this.#lexer.standardStrings = this.standardStrings;
    this.#stopsOnError = this.#parts.variables.flag('ON_ERROR_STOP');
    return new OpenLine(line);
  }

  #closeLine(line: OpenLine): void {
    this.#lineBefore = line.source;
    this.#line = undefined;
  }

  #finish(): ReadItem | undefined {
    if (this.#isFinished) return undefined;
    this.#isFinished = true;
    const last = this.#conditions.isActive ? this.#endStatement(PLAIN, false) : undefined;
    if (last === undefined) this.#parts.directives.finish();
    const branch = this.#hasQuit ? undefined : this.#conditions.open;
    if (branch !== undefined) this.#parts.faults.add(branch.at, OPEN_IF);
    return last;
  }

  /** Does what the stop asks for; returns what is to be given. */
  #act(line: OpenLine, stop: Stop): ReadItem | undefined {
    switch (stop.kind) {
      case 'end':
        if (!line.endValue()) this.#closeLine(line);
        break;
      case 'semicolon':
        if (this.#conditions.isActive) return this.#endStatement(PLAIN, true);
        line.addTo(this.#statement.text, stop.start, stop.end);
        break;
      case 'comment':
        this.#readComment(line, stop);
        break;
      case 'escape':
        this.#lexer.addToken();
        line.addTo(this.#statement.text, stop.start + 1, stop.end);
        break;
      case 'backslash':
        return this.#readCommand(line, stop);
      case 'variable':
        this.#useVariable(line, stop);
        break;
    }
    return undefined;
  }

  #endStatement(how: SendMode, terminated: boolean): ReadItem | undefined {
    const text = this.#statement.take({ hasToken: this.#lexer.hasToken, terminated });
    this.#lexer.startStatement();
    return text && this.#give(text, { how, terminated });
  }

  /** `\g` and its like: with nothing to send the statement before is sent again. */
  #sendByCommand(how: SendMode, at: LineAndColumn): ReadItem | undefined {
    const { again } = this.#statement;
    const item = this.#endStatement(how, false);
    this.#lexer.reset();
    if (again === undefined) return item;
    this.#statement.keep(again);
    // What was to be said about its variables has been said.
    return this.#give({ ...again, at, undefinedVariables: [] }, { how, terminated: false });
  }

  /** Written out, because there are many, and copies of objects by `...` take microseconds. */
  #give(taken: TakenText, { how, terminated }: Pick<ReadStatement, 'how' | 'terminated'>): ReadItem {
    const { text, at, span, undefinedVariables, isUncertain } = taken;
    const directives = this.#parts.directives.take();
    const statement = { text, at, span, undefinedVariables, isUncertain, directives, how, terminated };
    return { kind: 'statement', statement };
  }

  #readComment(line: OpenLine, { start, end }: Stop): void {
    if (!line.isInValue && this.#conditions.isActive) {
      const at = { line: line.source.number, column: line.source.column(start) };
      const comment = line.input.bytes.toString('utf8', start, end);
      this.#parts.directives.read(comment, at, this.#lexer.hasToken);
    }
    if (this.#lexer.sends) line.addTo(this.#statement.text, start, end);
  }

  #readCommand(line: OpenLine, stop: Stop): ReadItem | undefined {
    const { at } = line.placeOf(stop);
    this.#statement.text.dropLineBreak();
    const call = readCommand(line.input, {
      conditions: this.#conditions,
      variable: (name) => this.#parts.variables.get(name),
      fault: (fault) => this.#parts.faults.add(at, fault),
    });
    // Also before a branch ends: behind it nothing may be uncertain any more.
    this.#markUncertain();
    return call && this.#apply(call, at);
  }

  #apply(call: CommandCall, at: LineAndColumn): ReadItem | undefined {
    switch (call.kind) {
      case 'send':
        return this.#sendByCommand(call.how, at);
      case 'reset':
        this.#statement.drop();
        this.#lexer.startStatement();
        this.#lexer.reset();
        return undefined;
      case 'if':
        this.#conditions.if(this.#mark(at), call.condition);
        this.#branch({ back: undefined }, at);
        return undefined;
      case 'elif':
        this.#branch(this.#conditions.elif(this.#mark(at), call.condition), at);
        return undefined;
      case 'else':
        this.#branch(this.#conditions.else(this.#mark(at)), at);
        return undefined;
      case 'endif':
        this.#branch(this.#conditions.endif(), at);
        return undefined;
      default:
        return { kind: 'command', call, at };
    }
  }

  #mark(at: LineAndColumn): ReaderMark {
    return { at, lexer: this.#lexer.mark, text: this.#statement.text.mark };
  }

  /** Another branch begins, or the block is over. */
  #branch(change: Fault | { readonly back: ReaderMark | undefined }, at: LineAndColumn): void {
    if ('message' in change) this.#parts.faults.add(at, change);
    else if (change.back !== undefined) {
      this.#statement.text.goBack(change.back.text);
      this.#lexer.goBack(change.back.lexer);
    }
    this.#markUncertain();
  }

  /** Whether the open statement has, or will have, this text depends on the run. */
  #markUncertain(): void {
    if (this.#conditions.isUncertain && !this.#statement.text.isEmpty) this.#statement.isUncertain = true;
  }

  #useVariable(line: OpenLine, stop: Stop & { readonly kind: 'variable' }): void {
    const use = stop.variable;
    const place = line.placeOf(stop);
    const value = this.#conditions.isActive ? this.#parts.variables.get(use.name) : undefined;
    if (this.#parts.directives.isSlot(use.name)) {
      this.#lexer.addToken();
      this.#statement.text.addSlot(use, place);
    } else if (value === UNKNOWN) {
      this.#statement.isUncertain = true;
      this.#lexer.addToken();
      line.addTo(this.#statement.text, stop.start, stop.end);
    } else if (use.form === 'test' || (use.form !== 'plain' && value !== undefined)) {
      this.#lexer.addToken();
      this.#statement.text.addValue(substitute(use, value), place);
    } else if (value !== undefined && !this.#isInItself(line, use, place)) {
      line.beginValue(use.name, value, place);
    } else {
      if (value === undefined && this.#conditions.isActive) this.#statement.addUndefined(use.name);
      this.#lexer.addToken();
      line.addTo(this.#statement.text, stop.start, stop.end);
    }
  }

  /** A variable whose value uses itself: psql warns, and sends it as it is written. */
  #isInItself(line: OpenLine, { name }: VariableUse, { at }: UsePlace): boolean {
    if (!line.isReading(name)) return false;
    const message = `the variable ${name} is used in its own value, and is not replaced there`;
    this.#parts.faults.add(at, {
      severity: 'warning',
      message,
      hint: `check the value given with -v ${name}=… or \\set`,
    });
    return true;
  }
}

/** A point of the open statement to which reading can go back. */
interface ReaderMark {
  readonly at: LineAndColumn;
  readonly lexer: LexerMark;
  readonly text: TextMark;
}

const OPEN_IF: Fault = {
  message: 'the file ends inside this branch of an \\if',
  hint: 'close it with \\endif; a quote that is open in a branch hides what follows it',
};
