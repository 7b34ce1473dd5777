import type { Client } from 'pg';
import type { Failure } from '../model/failure.js';
import { encodingNamed, type Encoding } from '../script/encodings.js';
import { Ahead } from './ahead.js';
import { DescribeQuery, type Description } from './live/describe-query.js';
import { leave, sayGoodbye } from './goodbye.js';
import { endProcess, IDENTITY, identityOf, type Identity } from './look.js';
import { openClient, type Opened, type ServerParameters } from './open.js';
import type { ConnectionSettings } from './settings/settings.js';
import type { BoundStatement } from './bound-query.js';
import { BoundSender } from './bound-sender.js';
import { PipelineQuery, type PipelineListener } from './pipeline-query.js';
import type { PipelineStatement } from './pipeline-units.js';
import { LOST, lostAnswer } from './lost-answers.js';
import { onLoss } from './loss.js';
import { replay } from './replay.js';
import { fingerprintOf, RESET, ROLE_SETTINGS, spoils } from './session-reset.js';
import { StatementQuery, type Answer, type StatementOptions } from './statement-query.js';
import { EPOCH, epochOf, isSameEpoch, RESTARTED } from './epoch.js';
import {
  encodingSql,
  loginSql,
  nameSql,
  ownSql,
  refuse,
  type Beginning,
  type Begun,
  type SessionListener,
  type SessionSetup,
} from './session-parts.js';
import type { Opening } from './task.js';
import { watchOver } from './watch.js';

/**
 * One persistent connection that begins each job as a new psql session would.
 *
 * Connecting anew for every job would be the simple way, and costs milliseconds. Instead the session is reset before a
 * job: what DISCARD ALL does (as one message, because DISCARD ALL itself cannot be in one with others), and then what
 * the job's context asks for. What a reset cannot undo makes the connection be renewed:
 *
 * - the settings of the role and the database (ALTER ROLE / ALTER DATABASE … SET) are read by the server at login only;
 *   their fingerprint is read when the connection opens and again at each reset, and a change renews it;
 * - a placeholder setting (`SET app.user = …`) stays known as an empty string after RESET;
 * - what --init-sql made and a reset would destroy (temporary tables, prepared statements).
 *
 * A broken connection is renewed by the next job. It does not retry, and does not know what a job is.
 */
export class Session {
  readonly connection: number;
  /** Milliseconds that an answer takes at least, as far as is known. */
  trip = 0;
  /** Milliseconds that each of the steps took which were sent last, as whoever sent them says. */
  pace = Infinity;
  readonly #setup: SessionSetup;
  readonly #listener: SessionListener;
  #client: Client | undefined;
  #opened: Extract<Opened, { readonly ok: true }> | undefined;
  /** Of the last connection that was not closed from here. */
  #identity: Identity | undefined;
  #parameters: ServerParameters = new Map();
  /** Where `\connect` has led; undefined: where the run goes. */
  #elsewhere: ConnectionSettings | undefined;
  #fingerprint = '';
  #epoch = '';
  /** The key of the batches that the session serves, as long as nothing else has used it. */
  #sharedBy: string | undefined;
  readonly #bound = new BoundSender();
  readonly #ahead = new Ahead();
  /** True once something was done that only a new connection undoes. */
  #spoilt = false;

  constructor(connection: number, setup: SessionSetup, listener: SessionListener) {
    [this.connection, this.#setup, this.#listener] = [connection, setup, listener];
  }

  /** The server's process id; 0 while there is no connection. */
  get backend(): number {
    return this.#client === undefined ? 0 : (this.#opened?.backend ?? 0);
  }

  get inTransaction(): boolean {
    const status = this.#client?.getTransactionStatus();
    return status === 'T' || status === 'E';
  }

  get inFailedTransaction(): boolean {
    return this.#client?.getTransactionStatus() === 'E';
  }

  /** Opens the connection if there is none. Returns what keeps it from being opened. */
  async open(): Promise<Failure | undefined> {
    if (this.#client !== undefined) return undefined;
    const began = performance.now();
    const failed = await this.#openAt(this.#setup.settings, 'pqrun');
    if (failed !== undefined) return failed;
    const connected = performance.now();
    for (const { text } of this.#setup.initSql) {
      const { failure } = await this.send(text);
      if (failure !== undefined) return refuse(this, failure, '--init-sql');
    }
    // Told before the last round trip, so that it is heard before a job begins.
    this.#tellOpened({ startup: connected - began, init: performance.now() - connected });
    const asked = performance.now();
    const answer = await this.send(`${EPOCH}; ${IDENTITY}; ${ROLE_SETTINGS}`);
    [this.trip, this.pace] = [performance.now() - asked, Infinity];
    this.#epoch = epochOf(answer);
    this.#fingerprint = fingerprintOf(answer);
    await this.#watch(answer);
    return answer.failure;
  }

  /** From now on the connection is watched; of the one before, if it was lost, nothing is left. */
  async #watch(answer: Answer): Promise<void> {
    const [client, host, left] = [this.#client, this.#opened?.host, this.#identity];
    const identity = (this.#identity = client && identityOf(answer, client));
    if (left !== undefined) await this.send(endProcess(left));
    if (client === undefined || host === undefined || identity === undefined) return;
    watchOver(client, async () => (await this.#listener.look?.({ identity, host })) ?? 'unknown');
  }

  /** What the server reports of its settings. */
  get parameters(): ServerParameters {
    return this.#parameters;
  }

  /** Of the connection, or of the one that was lost; undefined where it cannot be known. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  /** Where it is, or would be, connected. */
  get settings(): ConnectionSettings {
    return this.#elsewhere ?? this.#setup.settings;
  }

  /** How this session's texts are encoded; undefined: in UTF-8, or in something that is not known. */
  get encoding(): Encoding | undefined {
    const encoding = encodingNamed(this.#parameters.get('client_encoding') ?? 'UTF8');
    return typeof encoding === 'string' ? undefined : encoding;
  }

  /** `\connect`: a new session, perhaps elsewhere, until the next job begins. */
  async connect(settings: ConnectionSettings, applicationName: string): Promise<Failure | undefined> {
    await this.close();
    this.#elsewhere = settings;
    const began = performance.now();
    const failure = await this.#openAt(settings, applicationName);
    if (failure === undefined) this.#tellOpened({ startup: performance.now() - began, init: 0 });
    return failure;
  }

  #tellOpened(times: Pick<Opening, 'startup' | 'init'>): void {
    this.#listener.opened({ connection: this.connection, backend: this.backend, ...times });
  }

  async #openAt(settings: ConnectionSettings, applicationName: string): Promise<Failure | undefined> {
    const { serverSettings } = this.#setup;
    const pooler = this.#elsewhere === undefined ? (this.#setup.pooler?.() ?? 'unasked') : 'ask';
    const opened = await openClient(settings, { applicationName, serverSettings, pooler });
    if (!opened.ok) return opened.failure;
    const { client } = opened;
    this.#client = client;
    this.#opened = opened;
    this.#bound.forgetAll();
    this.#ahead.drop();
    this.#parameters = opened.parameters;
    this.#spoilt = false;
    onLoss(client, (message) => this.#lose(client, message));
    client.on('notice', (notice) => this.#listener.notice(notice));
    this.#listener.connected(this.connection, this.backend);
    for (const text of encodingSql(this.settings)) {
      const { failure } = await this.send(text);
      if (failure !== undefined) return refuse(this, failure, 'PGCLIENTENCODING');
    }
    return undefined;
  }

  /**
   * As `begin`, but for jobs that need no session of their own: it only gets its name when the job before had the same key.
   * Plans that functions keep are made anew, because a new session would find tables that have come to stand earlier in the
   * search_path.
   */
  async beginShared(beginning: Beginning, key: string): Promise<Begun> {
    if (this.#isSharedBy(key)) {
      const text = `DISCARD PLANS; ${nameSql(beginning.applicationName)}`;
      const { failure } = this.canPipeline && this.#ahead.put(text) ? {} : await this.send(text);
      if (failure?.kind !== 'connection') return { isNew: false, failure };
    }
    const failure = await this.begin(beginning);
    if (failure === undefined) this.#sharedBy = key;
    return { isNew: true, failure };
  }

  /** True when `beginShared` with this key makes nothing new. */
  #isSharedBy(key: string): boolean {
    return this.#sharedBy === key && this.#client !== undefined && !this.#spoilt && !this.inTransaction;
  }

  /** --init-sql makes what a reset would destroy. */
  get #isInitTied(): boolean {
    return this.#setup.initSql.some(({ session }) => session === 'tied');
  }

  /** What is in it cannot be reset: the next job gets another connection. */
  readonly spoil = (): void => void (this.#spoilt = true);

  /** Gives back at once what others may wait for, or stumble over: locks, temporary objects, cursors. */
  async release(): Promise<void> {
    this.#sharedBy = undefined;
    // --exit-sql may want what --init-sql has made.
    if (this.#isInitTied) return;
    const isReset = !this.#spoilt && (await this.send(RESET.join('; '))).failure === undefined;
    if (!isReset) await this.close();
  }

  /** Makes the session as good as new, but for its name and the settings given. */
  async begin(beginning: Beginning): Promise<Failure | undefined> {
    this.#sharedBy = undefined;
    const tied = this.#isInitTied;
    if (this.#spoilt || this.#elsewhere !== undefined || (tied && this.#client !== undefined))
      await this.close();
    this.#elsewhere = undefined;
    const failure = await this.#openFor(beginning);
    if (failure !== undefined) return failure;
    const own = [...loginSql(this.settings, this.#opened), ...ownSql(beginning, this.#setup)];
    const reset = [...(tied ? [] : RESET), ...own, ROLE_SETTINGS].join('; ');
    let answer = await this.send(reset);
    if (answer.failure?.kind === 'connection') {
      // It broke while it was idle. Nothing of the job has been sent, so a new one will do.
      if (this.#client !== undefined) this.#lose(this.#client, answer.failure.message);
      const failed = await this.#openFor(beginning);
      if (failed !== undefined) return failed;
      answer = await this.send(reset);
    }
    if (answer.failure !== undefined) return answer.failure;
    if (fingerprintOf(answer) !== this.#fingerprint) {
      await this.close();
      return this.begin(beginning);
    }
    const settings = this.#setup.initSql.filter(({ session }) => !tied && session === 'setting');
    const unset = await replay(
      this,
      settings.map(({ text }) => text),
    );
    return unset?.failure;
  }

  async #openFor({ epoch }: Beginning): Promise<Failure | undefined> {
    const failure = await this.open();
    return failure ?? (epoch === undefined || isSameEpoch(epoch, this.#epoch) ? undefined : RESTARTED);
  }

  /** Sends one statement, with the data that stand behind it. A failure is in the answer. */
  async send(text: string, options: Omit<StatementOptions, 'encode'> = {}): Promise<Answer> {
    const client = this.#client;
    if (client === undefined) return lostAnswer();
    this.#spoilt ||= spoils(text);
    this.#bound.follow(text);
    return this.#ahead.query(client, new StatementQuery(text, { ...options, encode: this.encoding?.encode }));
  }

  /** Statements may be sent ahead of answers: in UTF-8, and not where a failed block refuses them one by one. */
  get canPipeline(): boolean {
    return (this.#parameters.get('client_encoding') ?? 'UTF8') === 'UTF8' && !this.inFailedTransaction;
  }

  /** Sends several statements in one go; see PipelineQuery. For sessions that speak UTF-8. */
  async sendAll(
    statements: readonly PipelineStatement[],
    listener: PipelineListener,
    snapshot?: string,
  ): Promise<readonly Answer[]> {
    if (this.#client === undefined) return [lostAnswer()];
    this.#spoilt ||= statements.some(({ text }) => spoils(text));
    for (const { text } of statements) this.#bound.follow(text);
    const isSure = this.#parameters.get('standard_conforming_strings') === 'on';
    return this.#ahead.pipeline(this.#client, new PipelineQuery(statements, listener, snapshot), isSure);
  }

  /** Sends statements with parameters, ahead of their answers where that can be: a failure is that of its statement alone. */
  async sendBound(
    statements: readonly BoundStatement[],
    listener: PipelineListener,
  ): Promise<readonly Answer[]> {
    const client = this.#client;
    if (client === undefined) return statements.map(() => lostAnswer());
    this.#spoilt ||= statements.some(({ text }) => spoils(text));
    const lost = await this.#ahead.flush(client);
    if (lost !== undefined) return statements.map(() => lostAnswer(lost));
    return this.#bound.send(client, statements, { encode: this.encoding?.encode, listener });
  }

  /** What columns a statement would give; it is not run. */
  async describe(text: string): Promise<Description> {
    const client = this.#client;
    if (client === undefined) return { columns: [], failure: LOST };
    const failure = await this.#ahead.flush(client);
    return failure === undefined ? client.query(new DescribeQuery(text)).done : { columns: [], failure };
  }

  /** Runs --exit-sql and says goodbye. */
  leave(): Promise<Failure | undefined> {
    return leave(this, this.#setup.exitSql);
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return;
    this.#identity = undefined;
    await sayGoodbye(client);
  }

  #lose(client: Client, message: string): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#listener.lost(this.connection, message);
  }
}
