import type { Failure } from '../../model/failure.js';
import type { Place } from '../../model/place.js';
import type { Show } from '../../model/script.js';
import { encodingNamed } from '../../script/encodings.js';
import { changeShow, isShowCall } from '../../script/show.js';
import { VariableStore } from '../../script/variable-store.js';
import { quoteLiteral } from '../../script/variables.js';
import { ScriptWalk, type ClientCall, type WalkItem } from '../../script/walk.js';
import { isJson } from '../print/json.js';
import type { JobSurroundings } from '../job-steps.js';
import { UNHEARD } from '../pipeline-query.js';
import { Retrier } from '../retrier.js';
import type { Session } from '../session.js';
import { beginSingle } from '../snapshot-import.js';
import type { JobMessage, LiveMessage, TaskResult } from '../task.js';
import { settingsAfter, type ConnectCall } from './connect.js';
import { LiveReport } from './report.js';
import { LiveSender } from './sender.js';
import { LiveOutput } from './output.js';
import { setFirstVariables, setSessionVariables } from './variables.js';

/**
 * Does a job that is a whole script, read while it runs: psql's main loop with a real session. For scripts whose path
 * depends on results (`\gset`, `\gexec`, `\if` on them) or on what only a session knows (`\connect`, `\o`,
 * ON_ERROR_STOP off, AUTOCOMMIT off).
 *
 * The server says what the script means for its own reading: that it wants COPY data, that strings follow other rules,
 * that the encoding has changed. So no parser is needed here. What reading found wrong ended the run before it began;
 * what is wrong now (a file that a variable names is not there) is a failure like one of the server.
 */
export class LiveRunner {
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #live: LiveMessage;
  readonly #around: JobSurroundings;
  readonly #walk: ScriptWalk;
  readonly #output: LiveOutput;
  readonly #report: LiveReport;
  readonly #sender: LiveSender;
  #show: Show;

  constructor(
    session: Session,
    { job, live }: { job: JobMessage; live: LiveMessage },
    around: JobSurroundings,
  ) {
    this.#session = session;
    this.#job = job;
    this.#live = live;
    this.#around = around;
    this.#report = new LiveReport(around);
    this.#output = new LiveOutput(around.output);
    this.#show = live.script.show;
    const { name, from, variables } = live.script;
    const store = new VariableStore(variables);
    if (job.keepGoing) store.set('ON_ERROR_STOP', 'off');
    const echo = (line: string): void => this.#output.print(`${line}\n`);
    const answers = [...live.script.answers];
    const ask = (): string | undefined => answers.shift();
    this.#walk = new ScriptWalk({
      file: { name, from },
      variables: store,
      environment: process.env,
      echo,
      ask,
      raisesFaults: true,
    });
    this.#sender = new LiveSender({
      session,
      walk: this.#walk,
      output: this.#output,
      report: this.#report,
      union: job.union && { message: job.union, output: around.output },
      resultFiles: live.resultFiles,
      readsSnapshot: job.snapshot !== undefined,
    });
  }

  async run(): Promise<TaskResult> {
    const failure = await this.#begin();
    if (failure === undefined) await this.#runScript();
    else this.#report.fail(failure, { place: this.#live.place });
    return this.#report.result(this.#session.backend);
  }

  /** Nothing of the script has been sent, so it may be tried again. */
  async #begin(): Promise<Failure | undefined> {
    const retrier = new Retrier(this.#job.retries, this.#around);
    for (;;) {
      const failure = await this.#session.begin(this.#job);
      if (failure === undefined || !(await retrier.again(0, failure))) return failure;
    }
  }

  async #runScript(): Promise<void> {
    const single = this.#job.transaction === 'single';
    setFirstVariables(this.#walk.variables);
    setSessionVariables(this.#walk.variables, this.#session);
    this.#followServer();
    const failure = single ? await beginSingle(this.#session, this.#job) : undefined;
    if (failure !== undefined) this.#report.failImport(failure, this.#live.place);
    try {
      if (failure === undefined) await this.#loop();
      this.#reportFaults();
    } finally {
      this.#output.close();
      this.#walk.close();
    }
    const unwritten = this.#output.takeFailure();
    if (unwritten !== undefined) this.#report.fail(unwritten, { place: this.#live.place });
    await this.#end(single);
    await this.#record();
  }

  /** That it is done, behind its end. */
  async #record(): Promise<void> {
    const { recorder } = this.#around;
    const { key, place } = this.#live;
    if (recorder === undefined || key === undefined || this.#report.hasFailed) return;
    const unit = { key, name: this.#live.script.name, rows: 0, duration: this.#report.now(), attempt: 1 };
    const statement = { ...recorder.statement([unit], { again: true, asOwner: false }), isAlone: true };
    // The script may have connected elsewhere.
    const failure =
      (await this.#session.begin(this.#job)) ??
      (await this.#session.sendAll([statement], UNHEARD)).at(-1)?.failure;
    if (failure !== undefined) this.#report.fail(failure, { place });
  }

  async #loop(): Promise<void> {
    for (let item = this.#walk.next(); item !== undefined; item = this.#walk.next()) {
      const failure = this.#around.stopped()
        ? STOPPED
        : ((await this.#do(item)) ?? this.#output.takeFailure());
      this.#followServer();
      if (failure === undefined) continue;
      const goesOn = this.#goesOn(failure);
      if (!goesOn || this.#job.keepGoing) this.#report.fail(failure, this.#sender.lastFor(item.place));
      else this.#report.passOver(failure, item.place);
      if (!goesOn) return;
    }
  }

  /** Whether the script goes on behind a failure: as its ON_ERROR_STOP says, as long as there is a connection. */
  #goesOn(failure: Failure): boolean {
    if (failure.kind !== 'server' && failure.kind !== 'client') return false;
    if (this.#job.snapshot !== undefined && !this.#session.inTransaction) return false;
    return this.#session.backend !== 0 && this.#walk.fail();
  }

  /** What reading says only now. */
  #reportFaults(): void {
    for (const { severity, message, place } of this.#walk.diagnostics()) {
      if (severity === 'error')
        this.#report.fail({ kind: 'client', message }, { place: place ?? this.#live.place });
    }
  }

  #followServer(): void {
    const { parameters, encoding } = this.#session;
    this.#walk.standardStrings = parameters.get('standard_conforming_strings') !== 'off';
    this.#walk.decoder = encoding?.decode;
  }

  #do(item: WalkItem): Promise<Failure | undefined> | Failure | undefined {
    if (item.kind === 'fault') return { kind: 'client', ...pick(item.fault) };
    if (item.kind === 'command') return this.#carryOut(item.call, item.place);
    return this.#sender.send(item.statement, item.place, this.#show);
  }

  #carryOut(call: ClientCall, place: Place): Promise<Failure | undefined> | Failure | undefined {
    if (isShowCall(call)) {
      const changed = changeShow(this.#show, call);
      if (!changed.ok) return { kind: 'client', ...pick(changed.fault) };
      this.#show = changed.show;
      return undefined;
    }
    switch (call.kind) {
      case 'echo':
        this.#echo(call.to, call.text.text, place);
        break;
      case 'print-buffer':
        if (this.#walk.buffer !== '') this.#echo('stdout', `${this.#walk.buffer}\n`, place);
        break;
      case 'list-variables':
        this.#echo('stdout', listText(this.#walk.variables), place);
        break;
      case 'output':
        return this.#redirect(call.file?.text);
      case 'encoding':
        return this.#setEncoding(call.name?.text, place);
      case 'copy':
        return this.#sender.sendCopy(call.copy, { sql: call.copy.sql, place, show: this.#show });
      case 'connect':
        return this.#connect(call);
    }
    return undefined;
  }

  #echo(to: 'stdout' | 'results' | 'stderr', text: string, place: Place): void {
    if (to === 'stdout') this.#output.print(text);
    else if (to === 'results' && isJson(this.#show.print.format)) this.#output.print(text);
    else if (to === 'results') void this.#output.write(text);
    else this.#report.warn(text, place);
  }

  #redirect(path: string | undefined): Failure | undefined {
    try {
      this.#output.redirect(path === undefined ? undefined : this.#walk.resolvePath(path), {
        isArray: this.#show.print.format === 'json',
      });
      return undefined;
    } catch (error) {
      return { kind: 'client', message: `\\o: ${error instanceof Error ? error.message : String(error)}` };
    }
  }

  async #setEncoding(name: string | undefined, place: Place): Promise<Failure | undefined> {
    if (name === undefined) {
      const current = this.#session.parameters.get('client_encoding') ?? '';
      this.#echo('stdout', `${current}\n`, place);
      return undefined;
    }
    const { failure } = await this.#session.send(`set client_encoding to ${quoteLiteral(name)}`);
    if (failure !== undefined) return failure;
    if (encodingNamed(name) === 'unknown') return undefined;
    this.#walk.variables.set('ENCODING', this.#session.parameters.get('client_encoding') ?? name);
    return undefined;
  }

  async #connect(call: ConnectCall): Promise<Failure | undefined> {
    if (this.#job.snapshot !== undefined) return NO_CONNECT;
    const next = settingsAfter(this.#session.settings, call);
    if (!next.ok) return { kind: 'client', message: `\\connect: ${next.diagnostic.message}` };
    const failure = await this.#session.connect(next.settings, this.#job.applicationName);
    // It is the script that asks for this connection: the run's own are not in question.
    if (failure !== undefined) return { kind: 'client', message: `\\connect: ${failure.message}` };
    setSessionVariables(this.#walk.variables, this.#session);
    return undefined;
  }

  /** An open block is rolled back, as the server does when psql leaves. */
  async #end(single: boolean): Promise<void> {
    if (!this.#session.inTransaction) return;
    const commits = single && !this.#report.hasFailed;
    const { failure } = await this.#session.send(commits ? 'COMMIT' : 'ROLLBACK');
    if (commits && failure !== undefined) this.#report.fail(failure, { place: this.#live.place });
    else if (!commits && !this.#report.hasFailed && this.#walk.variables.flag('AUTOCOMMIT'))
      this.#report.warnOpenBlock(this.#live.place);
  }
}

/** What reading has not seen: the command is in a file that a result names. */
const NO_CONNECT: Failure = {
  kind: 'client',
  message: '\\connect leads away from the snapshot that --snapshot makes all jobs read',
  hint: 'run the script without --snapshot',
};

const STOPPED: Failure = { kind: 'cancelled', message: 'the run was cancelled' };

function pick({ message, hint }: { readonly message: string; readonly hint?: string | undefined }): {
  readonly message: string;
  readonly hint?: string;
} {
  return hint === undefined ? { message } : { message, hint };
}

/** As `\set` without arguments prints them. */
function listText(variables: VariableStore): string {
  return variables
    .list()
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}
