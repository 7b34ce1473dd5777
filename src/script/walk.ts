import { resolve } from 'node:path';
import type { CommandCall, Word } from './commands/call.js';
import { DirectiveReader } from './directives.js';
import type { Decoder } from './encodings.js';
import { unreadable } from './unreadable.js';
import { Faults, type Fault } from './faults.js';
import type { ReadStatement } from './open-statement.js';
import { ScriptReader, type ReadCall } from './reader.js';
import { isReadingCall, type ReadingCall } from './reading-call.js';
import { recordsFor, type RecordReading } from './records/script-records.js';
import { openBytes } from './script-bytes.js';
import { placeIn, type OpenFile, type ScriptFile } from './script-file.js';
import { includedName, ScriptPaths } from './script-paths.js';
import { SourceLines, type PassedLines } from './source-lines.js';
import type { LineAndColumn } from './template.js';
import { changeVariables, demandsRun, isVariableCall, type VariableCall } from './variable-commands.js';
import type { VariableStore } from './variable-store.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Place } from '../model/place.js';
import type { ScriptMode } from '../model/script.js';

/**
 * A script with all the files that it includes, as one stream of statements and of commands that somebody must carry out.
 * What only moves the reading itself (variables, `\i`, `\cd`, `\q`) is done here.
 *
 * Two read scripts this way: who plans them, and who runs a script whose path the results decide. Only the latter knows
 * all values; the former is told by `needsRun` that it does not.
 */
export type WalkItem =
  | { readonly kind: 'statement'; readonly statement: ReadStatement; readonly place: Place }
  | { readonly kind: 'command'; readonly call: ClientCall; readonly place: Place }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly place: Place };

/** What is left to do for whoever walks. */
export type ClientCall = Exclude<ReadCall, ReadingCall | VariableCall>;

export interface WalkOptions {
  readonly file: ScriptFile;
  readonly variables: VariableStore;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Of the text, until the script names another encoding; undefined: UTF-8. */
  readonly decoder?: Decoder | undefined;
  readonly standardStrings?: boolean | undefined;
  /** Gets the lines that are read, when ECHO says so. */
  readonly echo?: (line: string) => void;
  /** Puts a question of `\prompt` to a person; undefined: there is nobody. */
  readonly ask?: ((question: string) => string | undefined) | undefined;
  /** Undefined: no records are read. */
  readonly records?: RecordReading | undefined;
  /** What is wrong is an item in the place of what it is about, for whoever runs the script; else it is collected. */
  readonly raisesFaults?: boolean;
}

export class ScriptWalk {
  readonly variables: VariableStore;
  readonly #options: WalkOptions;
  readonly #stack: OpenFile[] = [];
  readonly #paths = new ScriptPaths();
  readonly #diagnostics: Diagnostic[] = [];
  #mode: ScriptMode = { session: false, order: undefined };
  #needsRun = false;
  #restrictedBy: string | undefined;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.variables = options.variables;
    this.#needsRun = demandsRun(options.variables);
    this.#push(options.file, { at: { line: 1, column: 1 } });
  }

  /** What is done depends on answers of the server, or on a state of psql's that only a run has. */
  get needsRun(): boolean {
    return this.#needsRun;
  }

  demandRun(): void {
    this.#needsRun = true;
  }

  /** What the `file` directives say, as far as they are read. */
  get mode(): ScriptMode {
    return this.#mode;
  }

  /** The reader of the file that the last item came from. */
  get #top(): OpenFile | undefined {
    return this.#stack.at(-1);
  }

  /** Whether the last item is carried out depends on the run. */
  get isUncertain(): boolean {
    return this.#stack.some(({ reader }) => reader.isUncertain);
  }

  /** A failure of the last item ends its file. */
  get stopsOnError(): boolean {
    return this.#top?.reader.stopsOnError ?? true;
  }

  get standardStrings(): boolean {
    return this.#top?.reader.standardStrings ?? this.#options.standardStrings ?? true;
  }

  set standardStrings(value: boolean) {
    for (const { reader } of this.#stack) reader.standardStrings = value;
  }

  set decoder(decoder: Decoder | undefined) {
    for (const { reader } of this.#stack) reader.decoder = decoder;
  }

  /** The open statement, or the last one. */
  get buffer(): string {
    return this.#top?.reader.buffer ?? '';
  }

  next(): WalkItem | undefined {
    for (;;) {
      const open = this.#top;
      if (open === undefined) return undefined;
      const item = open.reader.next();
      const misread = this.#raise(open);
      if (misread !== undefined) return misread;
      // Only the run knows whether it comes to that.
      if (item !== undefined && this.isUncertain) this.#needsRun = true;
      if (item === undefined) this.#pop();
      else if (item.kind === 'statement')
        return { kind: item.kind, statement: item.statement, place: placeIn(open, item.statement.at) };
      else {
        const place = placeIn(open, item.at);
        const call = this.#apply(item.call, place);
        const failed = this.#raise(open);
        if (failed !== undefined) return failed;
        if (call !== undefined) return { kind: 'command', call, place };
      }
    }
  }

  /** Inline data of the statement, or `\copy … from stdin`, that was given last, and the file that holds them. */
  takeCopyData(): { readonly file: ScriptFile; readonly data: PassedLines } {
    const open = this.#top;
    if (open === undefined) throw new Error('there is no file to take data from');
    return { file: open.file, data: open.reader.takeCopyData() };
  }

  /**
   * The last item failed: the files end that stop on errors, from the innermost out. False when the script is over.
   */
  fail(): boolean {
    for (let open = this.#top; open?.reader.stopsOnError === true; open = this.#top) {
      open.close();
      this.#stack.pop();
    }
    return this.#top !== undefined;
  }

  /** Adds a fault at the place of the last item. */
  fault(at: LineAndColumn, fault: Fault): void {
    this.#top?.faults.add(at, fault);
  }

  /** Everything that was wrong; complete once the walk is at its end. */
  diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics, ...this.#stack.flatMap(({ faults }) => faults.list())];
  }

  /** Leaves what is still open. */
  close(): void {
    while (this.#top !== undefined) this.#pop();
  }

  /** A path that a command names: `\cd` and `~` are reckoned in. */
  resolvePath(path: string): string {
    return this.#paths.resolve(path);
  }

  #raise({ faults }: OpenFile): WalkItem | undefined {
    const [fault] = this.#options.raisesFaults === true ? faults.takeErrors() : [];
    return fault && { kind: 'fault', fault, place: fault.place };
  }

  /** Does what concerns the reading; returns what does not. */
  #apply(call: ReadCall, place: Place): ClientCall | undefined {
    if (this.#restrictedBy !== undefined && call.kind !== 'unrestrict') {
      this.fault(place, RESTRICTED);
      return undefined;
    }
    if (isReadingCall(call)) this.#follow(call, place);
    else if (isVariableCall(call)) this.#changeVariables(call, place);
    else return call;
    return undefined;
  }

  #follow(call: ReadingCall, place: Place): void {
    switch (call.kind) {
      case 'include':
        this.#include(call, place);
        break;
      case 'directory':
        this.#changeDirectory(call.path);
        break;
      case 'quit':
        if (this.isUncertain) this.#needsRun = true;
        else this.#top?.reader.quit();
        break;
      case 'restrict':
        this.#restrictedBy = call.key.text;
        break;
      case 'unrestrict':
        this.#unrestrict(call.key, place);
        break;
      case 'nothing':
        break;
    }
  }

  #changeVariables(call: VariableCall, place: Place): void {
    const { environment, ask } = this.#options;
    changeVariables(call, {
      variables: this.variables,
      environment,
      ask,
      isUncertain: this.isUncertain,
      fault: (fault) => this.fault(place, fault),
      demandRun: () => this.demandRun(),
    });
    this.#needsRun ||= demandsRun(this.variables);
  }

  #include({ path, relative }: Extract<CommandCall, { kind: 'include' }>, place: Place): void {
    if (path.isUnknown) {
      this.#needsRun = true;
      return;
    }
    const name = includedName(path.text, relative, this.#top?.file);
    const file = this.resolvePath(name);
    // Once or twice may be meant: an \if ends it.
    const same = this.#stack.filter(
      (open) => 'path' in open.file.from && resolve(open.file.from.path) === resolve(file),
    );
    const cycle = same.length >= (this.isUncertain ? 1 : DEEPEST);
    if (cycle && !this.isUncertain)
      this.fault(place, { message: `${name} includes itself`, hint: CYCLE_HINT });
    else if (!cycle)
      this.#push({ name, from: { path: file }, includedFrom: place }, { at: place, by: this.#top });
  }

  #changeDirectory(path: Word | undefined): void {
    if (path?.isUnknown === true || this.isUncertain) this.#needsRun = true;
    this.#paths.change(path?.text);
  }

  #unrestrict(key: Word, place: Place): void {
    if (this.#restrictedBy === undefined)
      this.fault(place, { message: '\\unrestrict: not currently in restricted mode', hint: 'remove it' });
    else if (this.#restrictedBy !== key.text)
      this.fault(place, {
        message: '\\unrestrict: wrong key',
        hint: 'give the key of the \\restrict before it',
      });
    else this.#restrictedBy = undefined;
  }

  /** Begins a file; where it cannot be read that is a fault of the one that includes it. */
  #push(
    file: ScriptFile,
    { at, by }: { readonly at: LineAndColumn; readonly by?: OpenFile | undefined },
  ): void {
    try {
      this.#stack.push(this.#open(file));
    } catch (error) {
      const { message, hint } = unreadable(file.name, error);
      if (by === undefined)
        this.#diagnostics.push({ severity: 'error', message, ...(hint === undefined ? {} : { hint }) });
      else if (this.isUncertain) this.#needsRun = true;
      else this.fault(at, { message, hint });
    }
  }

  #open(file: ScriptFile): OpenFile {
    const { echo, standardStrings, decoder } = this.#options;
    const lines = new SourceLines(openBytes(file.from));
    const name = { file: file.name, ...(file.includedFrom === undefined ? {} : { from: file.includedFrom }) };
    const faults = new Faults(name, () => openBytes(file.from));
    const found = { paths: this.#paths, diagnostics: this.#diagnostics };
    const records = recordsFor(file, this.#options.records, found);
    const directives = new DirectiveReader({ name, variables: this.variables, faults, ...records });
    const parts = {
      lines,
      variables: this.variables,
      directives,
      faults,
      ...(echo === undefined ? {} : { echo }),
    };
    const reader = new ScriptReader(parts);
    reader.standardStrings = this.#top?.reader.standardStrings ?? standardStrings ?? true;
    reader.decoder = this.#top === undefined ? decoder : this.#top.reader.decoder;
    return { file, reader, faults, directives, close: () => lines.close() };
  }

  #pop(): void {
    const open = this.#stack.pop();
    if (open === undefined) return;
    open.close();
    this.#diagnostics.push(...open.faults.list());
    const { session, order } = open.directives.mode;
    this.#mode = { session: session || this.#mode.session, order: this.#mode.order ?? order };
  }
}

/** So often a file may include itself. */
const DEEPEST = 16;

const CYCLE_HINT = 'remove the \\i, or put it between \\if and \\endif with a condition that ends it';

const RESTRICTED: Fault = {
  message: 'meta-commands are restricted here: only \\unrestrict is allowed',
  hint: 'pg_dump writes \\restrict so that data cannot run commands: the script was changed, or cut',
};
