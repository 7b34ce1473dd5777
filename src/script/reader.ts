import { ArgumentReader, readCommandName } from './commands/arguments.js';
import { PLAIN, type CommandCall, type SendMode } from './commands/call.js';
import { parseCommand, passArguments } from './commands/parse.js';
import { Conditions } from './conditions.js';
import type { DirectiveReader } from './directives.js';
import type { Decoder } from './encodings.js';
import type { Fault, Faults } from './faults.js';
import type { Input } from './input.js';
import { Lexer, type LexerMark, type Stop } from './lexer.js';
import type { SourceLine } from './source-line.js';
import type { PassedLines, SourceLines } from './source-lines.js';
import { StatementText, type SentText, type TextMark, type UsePlace } from './statement-text.js';
import type { LineAndColumn } from './template.js';
import { lineFault } from './encoding.js';
import { UNKNOWN, type VariableStore } from './variable-store.js';
import { substitute, type VariableUse } from './variables.js';
import { PIECE_VARIABLES } from '../model/job.js';
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

export type ReadItem =
  | { readonly kind: 'statement'; readonly statement: ReadStatement }
  | { readonly kind: 'command'; readonly call: ReadCall; readonly at: LineAndColumn };

/** What the reader does not do itself. */
export type ReadCall = Exclude<CommandCall, { readonly kind: 'send' | 'reset' | 'if' | 'elif' | 'else' | 'endif' }>;

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
  readonly #text = new StatementText();
  readonly #conditions = new Conditions<ReaderMark>();
  /** The line that is read, and the one before it, blank ones aside. */
  #line: OpenLine | undefined;
  #lineBefore: SourceLine | undefined;
  /** The values that are read in place of variables of the line; one may use another. */
  #expansions: Expansion[] = [];
  #undefinedVariables = new Set<string>();
  #isUncertain = false;
  #previousEnd = 0;
  /** What `\g` without a statement sends again. */
  #previous: SentText | undefined;
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

  /** The number of the line that is read. */
  get lineNumber(): number {
    return this.#line?.source.number ?? this.#lineBefore?.number ?? 1;
  }

  /** Whether what is read now is done depends on the run. */
  get isUncertain(): boolean {
    return this.#conditions.isUncertain;
  }

  /** The open statement, or the last one. */
  get buffer(): string {
    if (!this.#text.isEmpty) return this.#text.text;
    return (this.#previous?.text ?? []).map((part) => (part.kind === 'slot' ? `:${part.name}` : part.text)).join('');
  }

  /** The next statement or command; undefined at the end of the script. */
  next(): ReadItem | undefined {
    while (!this.#hasQuit) {
      this.#line ??= this.#openLine();
      if (this.#line === undefined) break;
      const stop = this.#lexer.scan(this.#expansions.at(-1)?.input ?? this.#line.input);
      this.#send(this.#line, stop.from, stop.start);
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
    this.#expansions = [];
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
    if (before !== undefined && !this.#text.isEmpty) this.#text.addLineBreak(before);
    if (this.#parts.variables.word('ECHO') === 'all') this.#parts.echo?.(line.text);
    this.#lexer.standardStrings = this.standardStrings;
    this.#stopsOnError = this.#parts.variables.flag('ON_ERROR_STOP');
    return { source: line, input: { bytes: line.bytes, position: line.start, end: line.end } };
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
    if (!this.#hasQuit && !this.#conditions.isEmpty) {
      const at = { line: this.lineNumber, column: 1 };
      this.#parts.faults.add(at, OPEN_IF);
    }
    return last;
  }

  /** Does what the stop asks for; returns what is to be given. */
  #act(line: OpenLine, stop: Stop): ReadItem | undefined {
    switch (stop.kind) {
      case 'end':
        if (this.#expansions.pop() === undefined) this.#closeLine(line);
        break;
      case 'semicolon':
        if (this.#conditions.isActive) return this.#endStatement(PLAIN, true);
        this.#send(line, stop.start, stop.end);
        break;
      case 'comment':
        this.#readComment(line, stop);
        break;
      case 'escape':
        this.#lexer.addToken();
        this.#send(line, stop.start + 1, stop.end);
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
    const { hasToken } = this.#lexer;
    const sent = this.#text.take(this.#previousEnd);
    const undefinedVariables = this.#undefinedVariables.size === 0 ? NONE : [...this.#undefinedVariables];
    const isUncertain = this.#isUncertain;
    this.#undefinedVariables.clear();
    this.#isUncertain = false;
    this.#lexer.startStatement();
    if (!hasToken) return undefined;
    this.#previousEnd = sent.span.end;
    this.#previous = sent;
    const directives = this.#parts.directives.take();
    const statement = { ...sent, directives, undefinedVariables, how, terminated, isUncertain };
    return { kind: 'statement', statement };
  }

  /** `\g` and its like: with nothing to send the statement before is sent again. */
  #sendByCommand(how: SendMode, at: LineAndColumn): ReadItem | undefined {
    const wasEmpty = this.#text.isEmpty;
    const item = this.#endStatement(how, false);
    this.#lexer.reset();
    if (item !== undefined || !wasEmpty || this.#previous === undefined) return item;
    const { text, span } = this.#previous;
    const directives = this.#parts.directives.take();
    const again = { text, span, at, directives, undefinedVariables: NONE, how, terminated: false, isUncertain: false };
    return { kind: 'statement', statement: again };
  }

  #readComment(line: OpenLine, { start, end }: Stop): void {
    const isInValue = this.#expansions.length > 0;
    if (!isInValue && this.#conditions.isActive) {
      const at = { line: line.source.number, column: line.source.column(start) };
      const comment = line.input.bytes.toString('utf8', start, end);
      this.#parts.directives.read(comment, at, this.#lexer.hasToken);
    }
    if (this.#lexer.sends) this.#send(line, start, end);
  }

  #readCommand(line: OpenLine, stop: Stop): ReadItem | undefined {
    const { at } = this.#usePlace(line, stop);
    const input = this.#expansions.at(-1)?.input ?? line.input;
    this.#text.dropLineBreak();
    const name = readCommandName(input);
    const isConditional = CONDITIONALS.has(name);
    const active =
      name === 'if' || name === 'elif' ? this.#conditions.evaluates(name) : this.#conditions.isActive;
    const args = new ArgumentReader(input, { active, variable: (variable) => this.#parts.variables.get(variable) });
    const item = isConditional || active ? this.#callCommand(name, args, at) : this.#pass(name, args, at);
    args.finish();
    return item;
  }

  #pass(name: string, args: ArgumentReader, at: LineAndColumn): undefined {
    const fault = passArguments(name, args);
    if (fault !== undefined) this.#refuse(at, fault, args);
  }

  #callCommand(name: string, args: ArgumentReader, at: LineAndColumn): ReadItem | undefined {
    const call = parseCommand(name, args);
    for (const fault of args.faults) this.#parts.faults.add(at, fault);
    if (call.kind === 'fault') {
      this.#refuse(at, call.fault, args);
      return undefined;
    }
    const [extra] = args.all();
    if (extra !== undefined && this.#conditions.isActive) {
      const message = `\\${name}: extra argument "${extra.text}" ignored`;
      this.#parts.faults.add(at, { severity: 'warning', message });
    }
    return this.#apply(call, at);
  }

  /** A fault, and what is left of the line is skipped. */
  #refuse(at: LineAndColumn, fault: Fault, args: ArgumentReader): void {
    this.#parts.faults.add(at, fault);
    args.rest();
  }

  #apply(call: CommandCall, at: LineAndColumn): ReadItem | undefined {
    switch (call.kind) {
      case 'send':
        return this.#sendByCommand(call.how, at);
      case 'reset':
        this.#text.take(this.#previousEnd);
        this.#lexer.startStatement();
        this.#lexer.reset();
        return undefined;
      case 'if':
        this.#conditions.if(this.#mark(), call.condition);
        return this.#branch({ back: undefined }, at);
      case 'elif':
        return this.#branch(this.#conditions.elif(this.#mark(), call.condition), at);
      case 'else':
        return this.#branch(this.#conditions.else(this.#mark()), at);
      case 'endif':
        return this.#branch(this.#conditions.endif(), at);
      default:
        return { kind: 'command', call, at };
    }
  }

  #mark(): ReaderMark {
    return { lexer: this.#lexer.mark, text: this.#text.mark };
  }

  /** Another branch begins, or the block is over. */
  #branch(
    change: Fault | { readonly back: ReaderMark | undefined },
    at: LineAndColumn,
  ): undefined {
    if ('message' in change) this.#parts.faults.add(at, change);
    else if (change.back !== undefined) {
      this.#text.goBack(change.back.text);
      this.#lexer.goBack(change.back.lexer);
    }
    if (this.#conditions.isUncertain && !this.#text.isEmpty) this.#isUncertain = true;
  }

  #useVariable(line: OpenLine, stop: Stop & { readonly kind: 'variable' }): void {
    const use = stop.variable;
    const place = this.#usePlace(line, stop);
    const value = this.#conditions.isActive ? this.#parts.variables.get(use.name) : undefined;
    if (this.#parts.directives.isSplit && SLOTS.has(use.name)) {
      this.#lexer.addToken();
      this.#text.addSlot(use, place);
    } else if (value === UNKNOWN) {
      this.#isUncertain = true;
      this.#lexer.addToken();
      this.#send(line, stop.start, stop.end);
    } else if (use.form === 'test' || (use.form !== 'plain' && value !== undefined)) {
      this.#lexer.addToken();
      this.#text.addValue(substitute(use, value), place);
    } else if (value !== undefined && !this.#isExpanding(use, place)) {
      const bytes = Buffer.from(value);
      this.#expansions.push({ name: use.name, place, input: { bytes, position: 0, end: bytes.length } });
    } else {
      if (value === undefined && this.#conditions.isActive) this.#undefinedVariables.add(use.name);
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
      hint: `check the value given with -v ${name}=… or \\set`,
    });
    return true;
  }

  /** In a value: the place of the variable in the script, however deep the value is. */
  #usePlace(line: OpenLine, { start, end }: Stop): UsePlace {
    const expansion = this.#expansions.at(-1);
    if (expansion !== undefined) return expansion.place;
    const { source } = line;
    return {
      at: { line: source.number, column: source.column(start) },
      start: source.offsetOf(start),
      end: source.offsetOf(end),
    };
  }

  /** Bytes `[from, to)` of what is being read, the line or a value, are part of the statement. */
  #send(line: OpenLine, from: number, to: number): void {
    const expansion = this.#expansions.at(-1);
    if (expansion === undefined) this.#text.addSource(line.source, from, to);
    else if (from < to)
      this.#text.addValue(expansion.input.bytes.toString('utf8', from, to), expansion.place);
  }
}

/** A point of the open statement to which reading can go back. */
interface ReaderMark {
  readonly lexer: LexerMark;
  readonly text: TextMark;
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

const NONE: readonly string[] = [];
const SLOTS: ReadonlySet<string> = new Set(PIECE_VARIABLES);
const CONDITIONALS: ReadonlySet<string> = new Set(['if', 'elif', 'else', 'endif']);
const OPEN_IF: Fault = {
  message: 'the file ends inside \\if',
  hint: 'close it with \\endif; a quote that is open in a branch hides what follows it',
};
