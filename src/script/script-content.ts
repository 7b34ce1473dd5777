import type { SendMode } from './commands/call.js';
import { decoderOf, encodingNamed } from './encodings.js';
import { isCopyFromStdin, meansOff, settingAfter, statementFacts } from './facts.js';
import { factsOfForm } from './form-facts.js';
import type { ScriptText } from './script-text.js';
import { changeOption, changeShow, isShowCall } from './show.js';
import { withWalk } from './chunk.js';
import { mayBeOther, parseSample } from './sample.js';
import { parametersOf, refusedSplit, splitFaults } from './split-faults.js';
import { NO_DIRECTIVES } from './statement-directives.js';
import { SPLIT_IN_RUN, syntaxFault } from './statement-faults.js';
import type { Parsed, Parser } from './syntax.js';
import { VariableStore } from './variable-store.js';
import { quoteLiteral } from './variables.js';
import { fileData, NO_FACTS, SYNTHETIC, synthetic } from './synthetic.js';
import { ScriptWalk, type ClientCall, type WalkItem } from './walk.js';
import { isCopyFromStdinByWords, wordFacts } from './word-facts.js';
import type { Node } from 'libpg-query';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Place } from '../model/place.js';
import type { Echo, CopyData, ScriptMode, Show, Statement } from '../model/script.js';

export interface ScriptContent {
  readonly statements: readonly Statement[];
  readonly mode: ScriptMode;
  /** What it does is known only while it runs: the statements are a guess. */
  readonly needsRun: boolean;
  /** To the questions that were asked, in their order. */
  readonly answers: readonly string[];
  /** Its first `\connect`. */
  readonly connect: Place | undefined;
  /** File by file, in the order of each. When there is an error among them, statements are missing. */
  readonly diagnostics: readonly Diagnostic[];
}

type ReadText = Extract<WalkItem, { readonly kind: 'statement' }>['statement'];

type Examined = Pick<Statement, 'facts' | 'shape' | 'data' | 'copySplit' | 'parameters'> &
  Partial<Pick<Statement, 'directives'>>;

/** Of what has a shape there is nothing else to say. */
type Alike = Required<Pick<Statement, 'facts' | 'shape'>>;

/** The statements of one script, read as psql reads them, then parsed; a stretch at a time, so that others have a turn. */
export class ContentReader {
  readonly #script: ScriptText;
  readonly #parser: Parser;
  readonly #walk: ScriptWalk;
  readonly #statements: Statement[] = [];
  readonly #answers: string[] = [];
  /** What another statement of the same shape, right behind it, need not be looked through for again. */
  #last: { readonly parsed: Parsed; readonly examined: Alike } | undefined;
  #connect: Place | undefined;
  #show: Show;

  constructor(script: ScriptText, parser: Parser) {
    this.#script = script;
    this.#parser = parser;
    this.#show = script.show;
    const { file, environment, records } = script;
    const variables = new VariableStore(script.variables, script.onVariable);
    const { encoding, standardStrings } = script.session;
    this.#walk = new ScriptWalk({
      file,
      variables,
      environment,
      standardStrings,
      decoder: decoderOf(encoding),
      records,
      ask: (question) => this.#ask(question),
    });
  }

  /** False: that was the last of it. */
  readOn(): boolean {
    for (let count = 0; count < STRETCH; count++) {
      const item = this.#walk.next();
      if (item === undefined) return false;
      if (item.kind === 'statement') this.#addStatement(item.statement, item.place);
      else if (item.kind === 'command') this.#carryOut(item.call, item.place);
    }
    return true;
  }

  get count(): number {
    return this.#statements.length;
  }

  content(): ScriptContent {
    const walk = this.#walk;
    const { needsRun, mode } = walk;
    if (needsRun) this.#script.copyOrder.followUnknown();
    return {
      statements: this.#statements,
      mode,
      needsRun,
      answers: this.#answers,
      connect: this.#connect,
      diagnostics: [...walk.diagnostics(), ...(needsRun ? this.#statements.flatMap(refusedSplit) : [])],
    };
  }

  #ask(question: string): string | undefined {
    const answer = this.#script.ask?.(question);
    if (answer !== undefined) this.#answers.push(answer);
    return answer;
  }

  /** What each has is written out: V8 keeps it within the object then. */
  #add(added: Omit<Statement, 'index' | 'show'>, show = this.#show): void {
    const own = show === this.#script.show ? {} : { show };
    const { place, span, text, directives, terminated, facts, ...more } = added;
    const { length: index } = this.#statements;
    this.#statements.push({ index, place, span, text, directives, terminated, facts, ...more, ...own });
  }

  #addStatement(read: ReadText, place: Place): void {
    const { text, span, directives, terminated } = read;
    const show = this.#showFor(read.how, place);
    if (directives.split?.by === 'rows' && this.#walk.needsRun)
      this.#walk.fault(directives.split.place, SPLIT_IN_RUN);
    const examined = this.#examine(read);
    // There may be hundreds of thousands that are all alike.
    if (examined !== undefined && examined === this.#last?.examined && show === this.#script.show) {
      const { facts, shape } = this.#last.examined;
      const { length: index } = this.#statements;
      this.#statements.push({ index, place, span, text, directives, terminated, facts, shape });
    } else if (examined !== undefined)
      this.#add({ place, span, text, directives, terminated, ...examined }, show);
    if (read.how.kind === 'gset')
      this.#walk.variables.cloud(read.how.prefix.isUnknown ? '' : read.how.prefix.text);
  }

  /** The statement's facts and data; undefined when it is not to be sent, because it is empty or at fault. */
  #examine(read: ReadText): Examined | undefined {
    const { split } = read.directives;
    const { rendered, parsed } = parseSample(read, this.#parser);
    const isPlain = read.directives === NO_DIRECTIVES && !read.isUncertain;
    if (isPlain && parsed === this.#last?.parsed) {
      this.#suspectStrings(rendered.text);
      return this.#last.examined;
    }
    this.#last = undefined;
    const ofForm = isPlain ? factsOfForm(parsed, rendered.text) : undefined;
    if (ofForm !== undefined) {
      this.#suspectStrings(rendered.text);
      this.#script.copyOrder.follow(rendered.text, ofForm.node);
      return { facts: ofForm };
    }
    if (read.isUncertain) this.#walk.demandRun();
    const nodes = parsed.kind === 'parsed' ? parsed.nodes : undefined;
    if (nodes?.length === 0) return undefined;

    const data = this.#dataOf(
      nodes?.filter(isCopyFromStdin).length ?? Number(isCopyFromStdinByWords(rendered.text)),
    );
    // The parser knows strings only as they are with standard_conforming_strings on.
    if (parsed.kind === 'wrong' && this.#script.syntaxCheck && this.#walk.standardStrings) {
      const at = rendered.locate(parsed.position);
      this.#walk.fault(at, syntaxFault(parsed.message, read.undefinedVariables));
      return undefined;
    }
    const walk = withWalk(read, { nodes, text: rendered.text });
    const parameters = parametersOf(split, { nodes, text: rendered.text });
    if (split !== undefined)
      for (const fault of [...walk.faults, ...splitFaults(split, { text: read.text, nodes, parameters })])
        this.#walk.fault(split.place, fault);
    for (const node of nodes ?? []) this.#followSettings(node);
    if (nodes?.some((node) => !('VariableSetStmt' in node)) === true) this.#suspectStrings(rendered.text);
    const facts = nodes === undefined ? wordFacts(rendered.text) : statementFacts(nodes, rendered.text);
    const shape = parsed.kind === 'parsed' ? parsed.shape : undefined;
    const copySplit = this.#script.copyOrder.take(mayBeOther(read) ? undefined : nodes, rendered.text);
    if (walk.directives !== undefined) return { facts, directives: walk.directives };
    if (data === undefined && parameters === 0) {
      if (shape === undefined) return { facts };
      const examined = { facts, shape };
      if (isPlain) this.#last = { parsed, examined };
      return examined;
    }
    if (data === undefined) return { facts, parameters };
    return copySplit === undefined ? { facts, data } : { facts, data, copySplit };
  }

  /** The data that stand behind a message with so many COPYs. Data of a file are left there, as ranges of its bytes. */
  #dataOf(copies: number): readonly CopyData[] | undefined {
    return copies === 0 ? undefined : Array.from({ length: copies }, () => this.#takeData());
  }

  #takeData(): CopyData {
    const { file, data } = this.#walk.takeCopyData();
    const { line, start, end, cuts } = data;
    const some = cuts.length === 0 ? {} : { cuts };
    if ('path' in file.from) return { from: file.from, name: file.name, span: { start, end }, line, ...some };
    // A copy of its own: it goes to a thread, and the rest of the script need not.
    const bytes = Uint8Array.from(file.from.bytes.subarray(start, end));
    return { from: { bytes }, name: file.name, span: undefined, line };
  }

  /** What a SET means for the reading of what follows it. */
  #followSettings(node: Node): void {
    const strings = settingAfter(node, 'standard_conforming_strings');
    const { session } = this.#script;
    if (strings !== undefined)
      this.#walk.standardStrings = strings === 'default' ? session.standardStrings : !meansOff(strings);
    const encoding = settingAfter(node, 'client_encoding');
    if (encoding !== undefined)
      this.#walk.decoder = decoderOf(encoding === 'default' ? session.encoding : encoding);
  }

  /** A DO block, or a function, may switch the rules for strings: only the server knows, which the run asks. */
  #suspectStrings(text: string): void {
    const value = /standard_conforming_strings\W+(?:to\W+)?(\w+)/i.exec(text)?.[1];
    if (value === undefined) return;
    this.#walk.demandRun();
    if (meansOff(value)) this.#walk.standardStrings = false;
  }

  /** Of one statement: `\g (…)`, `\gx`. What becomes of results in other ways is up to the run. */
  #showFor(how: SendMode, place: Place): Show {
    if (how.kind === 'plain') return this.#show;
    if (how.kind !== 'print' || how.file !== undefined) {
      this.#walk.demandRun();
      return this.#show;
    }
    let show = this.#show;
    for (const [name, value] of how.options) {
      const changed = changeOption(show, name, value);
      if (changed.ok) show = changed.show;
      else this.#walk.fault(place, changed.fault);
    }
    return show;
  }

  #carryOut(call: ClientCall, place: Place): void {
    // Only the run knows whether it comes to that.
    if (this.#walk.isUncertain) this.#walk.demandRun();
    if (isShowCall(call)) {
      const changed = changeShow(this.#show, call);
      if (changed.ok) this.#show = changed.show;
      else this.#walk.fault(place, changed.fault);
      return;
    }
    switch (call.kind) {
      case 'echo':
        if (call.text.isUnknown) this.#walk.demandRun();
        this.#addEcho(call.to, call.text.text, place);
        return;
      case 'print-buffer':
        if (this.#walk.buffer !== '') this.#addEcho('stdout', `${this.#walk.buffer}\n`, place);
        return;
      case 'copy':
        this.#addCopy(call.copy, place);
        return;
      case 'encoding':
        this.#setEncoding(call.name?.text, place);
        return;
      case 'connect':
        this.#connect ??= place;
        this.#walk.demandRun();
        return;
      default:
        this.#walk.demandRun();
    }
  }

  #addEcho(to: Echo['to'], text: string, place: Place): void {
    this.#add({ ...SYNTHETIC, place, text: [], facts: NO_FACTS, echo: { to, text } });
  }

  #addCopy(copy: Extract<ClientCall, { kind: 'copy' }>['copy'], place: Place): void {
    const { sql, file, from } = copy;
    const parsed = this.#parser.parse(sql);
    if (parsed.kind === 'wrong' && this.#script.syntaxCheck)
      this.#walk.fault(place, {
        message: `\\copy: ${parsed.message}`,
        hint: `what it stands for is: ${sql}`,
      });
    const statement = synthetic(sql, place, parsed);
    if (from && file.kind === 'script') this.#add({ ...statement, data: [this.#takeData()] });
    else if (from) this.#add({ ...statement, data: [fileData(file, this.#walk)] });
    else if (file.kind === 'path') this.#add({ ...statement, copyTo: this.#walk.resolvePath(file.path) });
    else this.#add(statement);
  }

  #setEncoding(name: string | undefined, place: Place): void {
    if (name === undefined) {
      this.#walk.demandRun();
      return;
    }
    const encoding = encodingNamed(name);
    const sql = `set client_encoding to ${quoteLiteral(name)}`;
    this.#add(synthetic(sql, place, this.#parser.parse(sql)));
    this.#walk.decoder = typeof encoding === 'string' ? undefined : encoding.decode;
  }
}

const STRETCH = 100;
