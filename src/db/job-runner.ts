import type { Failure } from '../model/failure.js';
import { JobSteps, stopped, withId, type JobSurroundings, type Stood, type Stopped } from './job-steps.js';
import { JournaledSteps } from './journal/journaled-steps.js';
import { PlainSteps } from './plain-steps.js';
import { replay } from './replay.js';
import { Retrier } from './retrier.js';
import type { Session } from './session.js';
import { beginSingle, LEFT_SNAPSHOT } from './snapshot-import.js';
import type { JobMessage, TaskFailure, TaskResult } from './task.js';
import { askId, wasCommitted } from './xact.js';

/**
 * Does one job on one session: reset, context, then step by step, each as psql would send it.
 *
 * A failed step ends the job, unless it keeps going. An open transaction block at the end is rolled back, as the server
 * does when psql leaves; where nothing failed that is told as a warning, because what the block did is lost. Before
 * each step the run's stop flag is read, so that a cancelled chain does not go on behind the statement that was
 * cancelled on the server.
 *
 * What passes by itself is tried again (retrier.ts), from where the server has undone it (redo.ts): on the same session, or
 * on a new one that has been given what the steps before have set. What had been printed of it must not be on its way yet.
 */
export class JobRunner {
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #around: JobSurroundings;
  readonly #steps: JobSteps;
  readonly #journaled: JournaledSteps | undefined;
  readonly #plain: PlainSteps;
  readonly #retrier: Retrier;
  /** The process that the last step went to. */
  #backend = 0;
  readonly #failures: TaskFailure[] = [];

  constructor(session: Session, job: JobMessage, around: JobSurroundings) {
    this.#session = session;
    this.#job = job;
    this.#around = around;
    this.#steps = new JobSteps(session, job, around);
    this.#plain = new PlainSteps(session, { job, steps: this.#steps, stopped: around.stopped });
    const { recorder } = around;
    this.#journaled = recorder && new JournaledSteps(session, { job, steps: this.#steps, recorder });
    this.#retrier = around.retrier ?? new Retrier(job.retries, around);
  }

  async run(): Promise<TaskResult> {
    const unready = await this.#prepare(0);
    if (unready === undefined) await this.#runSteps();
    else this.#failures.push(unready);
    if (this.#job.spoils === true) this.#session.spoil();
    if (this.#job.holds === true) await this.#session.release();
    const { backend } = this.#session;
    return {
      backend,
      results: this.#steps.results,
      failures: this.#failures,
      notices: this.#around.notices.collected,
      duration: this.#steps.now(),
      outputs: this.#around.output.posted,
      rest: this.#around.output.takeRest(),
    };
  }

  /** Makes the session ready for the step `from`; nothing of the job has been sent, so it may be tried again. */
  async #prepare(from: number): Promise<TaskFailure | undefined> {
    for (;;) {
      const failed = await this.#tryToPrepare(from);
      if (failed === undefined || !(await this.#retrier.again(from, failed.failure))) return failed;
    }
  }

  async #tryToPrepare(from: number): Promise<TaskFailure | undefined> {
    const { shared, context, steps } = this.#job;
    const { isNew, failure } =
      shared === undefined || from > 0
        ? { isNew: true, failure: await this.#session.begin(this.#job) }
        : await this.#session.beginShared(this.#job, shared);
    if (failure !== undefined) return { failure, step: from, context: false };
    if (!isNew) return undefined;
    const unset = await replay(this.#session, context);
    if (unset !== undefined) return { ...unset, context: true };
    for (const [step, { leaves, text }] of steps.slice(0, from).entries()) {
      const { failure } = leaves === undefined ? {} : await this.#session.send(text);
      if (failure !== undefined) return { failure, step, context: false };
    }
    return undefined;
  }

  async #runSteps(): Promise<void> {
    const { keepGoing, transaction, steps } = this.#job;
    for (let next = 0; ;) {
      const stopped = await this.#runFrom(next);
      const outcome = stopped === undefined ? undefined : await this.#goBack(stopped);
      if (outcome === undefined) return;
      if (typeof outcome === 'number') {
        if (outcome === steps.length) return;
        next = outcome;
        continue;
      }
      const { failure, step, isConsequence = false, context, isImport, skipTo = step + 1 } = outcome;
      const more = { context, ...(isImport === true ? { isImport } : {}) };
      next = skipTo;
      if (!isConsequence) this.#failures.push({ failure, step: Math.min(step, steps.length - 1), ...more });
      if (!keepGoing || failure.kind !== 'server' || transaction === 'single') break;
    }
    if (this.#session.inTransaction) await this.#session.send('ROLLBACK');
  }

  /** From a step to the end of the job, or to the first that fails. */
  async #runFrom(first: number): Promise<Stopped | undefined> {
    const { steps, transaction, snapshot } = this.#job;
    if (transaction === 'single') {
      const failure = await beginSingle(this.#session, this.#job);
      if (failure !== undefined) return stopped(failure, 0, { isImport: true });
    }
    for (let next = first; next < steps.length;) {
      this.#backend = this.#session.backend;
      const { done, failed } = await (this.#journaled ?? this.#plain).run(next);
      next += done;
      this.#steps.tellProgress(next);
      if (failed !== undefined) return failed;
      // A statement that the parser did not understand may have ended the transaction.
      if (snapshot !== undefined && !this.#session.inTransaction) return stopped(LEFT_SNAPSHOT, next - 1);
    }
    return this.#end();
  }

  /**
   * After a failure: the step to go on from, once it is time and the session is as that step found it; or the failure that
   * stands.
   */
  async #goBack({ last, ...failed }: Stopped): Promise<number | Stood> {
    const { step } = failed;
    const mayBeFound = failed.isCommit === true || failed.id !== undefined;
    if (mayBeFound && isInDoubt(failed.failure))
      return this.#journaled === undefined ? this.#settleById(failed) : this.#settle(failed, this.#journaled);
    const from = this.#steps.redo.from(failed.failure, { failed: step, last });
    if (typeof from !== 'number') return failed;
    const failure = withoutDoubt(failed.failure);
    const staysHere = failure.kind !== 'connection' && !this.#isTied(from, step);
    const isLost = !staysHere && this.#isTied(0, from);
    if (isLost || !this.#steps.canTakeBack || !(await this.#retrier.again(step, failure)))
      return { ...failed, failure };
    if (this.#session.inTransaction) await this.#session.send('ROLLBACK');
    this.#steps.takeBack(from);
    this.#journaled?.countAttempt();
    return (staysHere ? undefined : await this.#prepare(from)) ?? from;
  }

  /** The connection was lost at the end of a transaction: the journal tells whether it was committed. */
  async #settle(failed: Stood, journaled: JournaledSteps): Promise<number | Stood> {
    const { step, failure } = failed;
    for (;;) {
      if (!(await this.#retrier.again(step, withoutDoubt(failure)))) return failed;
      const first = journaled.committing;
      if ((await this.#prepare(first)) !== undefined) return failed;
      const found = await journaled.settle(this.#backend);
      if (found === undefined) continue;
      if (found.isDone)
        return this.#leftBetween(first, found.next)
          ? ((await this.#prepare(found.next)) ?? found.next)
          : found.next;
      if (!this.#steps.canTakeBack) return { ...failed, failure: withoutDoubt(failure) };
      this.#steps.takeBack(first);
      journaled.countAttempt();
      return first;
    }
  }

  /** As #settle, without a journal: the server tells what became of the transaction, where its id is known. */
  async #settleById(failed: Stood): Promise<number | Stood> {
    const { step, failure, id } = failed;
    const { identity } = this.#session;
    const { start } = this.#steps.redo;
    const { length } = this.#job.steps;
    const next = Math.min(step + 1, length);
    while (id !== undefined && start !== undefined) {
      if (!(await this.#retrier.again(step, withoutDoubt(failure)))) return failed;
      if ((await this.#prepare(start)) !== undefined) return failed;
      const isDone = await wasCommitted(this.#session, { id, identity });
      if (isDone === undefined) continue;
      const from = isDone ? next : start;
      if ((!isDone && !this.#steps.canTakeBack) || (from < length && this.#isTied(0, from)))
        return { ...failed, failure: withoutDoubt(failure, isDone ? COMMITTED : undefined) };
      if (isDone) this.#steps.countDone(step);
      else this.#steps.takeBack(start);
      return (this.#leftBetween(start, from) ? await this.#prepare(from) : undefined) ?? from;
    }
    return failed;
  }

  #isTied(first: number, behind: number): boolean {
    return this.#job.steps.slice(first, behind).some(({ leaves }) => leaves === 'tied');
  }

  #leftBetween(first: number, next: number): boolean {
    return this.#job.steps.slice(first, next).some(({ leaves }) => leaves !== undefined);
  }

  async #end(): Promise<Stopped | undefined> {
    if (!this.#session.inTransaction) return undefined;
    const { steps, transaction } = this.#job;
    if (transaction === 'single') {
      this.#backend = this.#session.backend;
      if (this.#journaled !== undefined) return this.#journaled.commitAll();
      const id = await askId(this.#session);
      const { failure } = await this.#session.send('COMMIT');
      return failure && withId(stopped(failure, steps.length, { isCommit: true }), id);
    }
    await this.#session.send('ROLLBACK');
    if (this.#failures.length > 0) return undefined;
    this.#around.notices.collected.push({
      step: steps.length - 1,
      severity: 'WARNING',
      code: '01000',
      message: 'the script ends inside a transaction block: what the block did is rolled back',
      hint: 'end the block with COMMIT',
    });
    return undefined;
  }
}

function isInDoubt(failure: Failure): boolean {
  return failure.kind === 'connection' && failure.inDoubt === true;
}

const COMMITTED =
  'what was being committed is committed; what follows in the script needs what only the lost session had';

/** It is known what the server has made of it. */
function withoutDoubt(failure: Failure, known?: string): Failure {
  if (failure.kind !== 'connection') return failure;
  const { kind, phase, message, code, hint = known } = failure;
  return {
    kind,
    phase,
    message,
    ...(code === undefined ? {} : { code }),
    ...(hint === undefined ? {} : { hint }),
  };
}
