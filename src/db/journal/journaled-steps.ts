import { pipelineAt } from '../pipeline-part.js';
import { UNHEARD } from '../pipeline-query.js';
import type { PipelineStatement } from '../pipeline-units.js';
import type { Session } from '../session.js';
import type { Answer } from '../statement-query.js';
import { SMALLEST_BATCH, stopped, type JobSteps, type Ran, type Stopped } from '../job-steps.js';
import type { JobMessage, StepMessage, UnitMessage } from '../task.js';
import { isRecordedTwice, settleUnit } from './settle.js';
import { mayChangeRole, type DoneUnit, type Recorder } from './recorder.js';

/**
 * The steps of a job under a journal: each unit is one transaction, and its record is written just before that is committed.
 *
 * Neighbouring statements that stand by themselves are one transaction as long as all goes well, which is cheaper for the server
 * than one each; when one of them fails, all are taken back, and done one by one. What must run outside of transactions is
 * recorded behind its end.
 *
 * A commit in doubt is none here: the record is there, or the transaction was rolled back.
 */
export class JournaledSteps {
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #steps: JobSteps;
  readonly #recorder: Recorder;
  readonly #asOwner: boolean;
  /** Where units end that are transactions of their own, by where they begin. */
  readonly #units: ReadonlyMap<number, number>;
  /** Up to here steps are not put together any more. */
  #oneByOne = -1;
  /** What is being committed: its first and last step. */
  #committing: Committing = { first: 0, last: 0, key: '' };
  #attempt = 1;

  constructor(session: Session, { job, steps, recorder }: JournaledJob) {
    this.#session = session;
    this.#job = job;
    this.#steps = steps;
    this.#recorder = recorder;
    this.#asOwner = mayChangeRole([...job.context, ...job.steps.map(({ text }) => text)]);
    this.#units = new Map(
      job.steps.flatMap(({ unit, control }, last) =>
        unit?.record === 'with' && control === undefined ? [[unit.first, last] as const] : [],
      ),
    );
  }

  async run(index: number): Promise<Ran> {
    const { unit, control } = this.#stepAt(index);
    if (this.#job.transaction === 'each' && !this.#session.inFailedTransaction) {
      if (unit?.record === 'with' && control === 'commit' && this.#session.inTransaction)
        return one(await this.#commitBlock(index, unit));
      const last = this.#units.get(index);
      if (last !== undefined && control === undefined && !this.#session.inTransaction) {
        const together = this.#together(index);
        if (together.length > 0) return this.#runTogether(index, together);
        return this.#runUnit(index, last);
      }
    }
    const ran = await this.#runPlain(index);
    if (ran.failed !== undefined || unit?.record !== 'after' || this.#session.inTransaction) return ran;
    return one(await this.#recordBehind(index, unit));
  }

  /** Ends a job that is one transaction. */
  async commitAll(): Promise<Stopped | undefined> {
    const last = this.#job.steps.length - 1;
    const unit = this.#job.steps[last]?.unit;
    const units = unit === undefined ? [] : [this.#done(unit, last)];
    return this.#commit(units, { first: 0, last, text: 'COMMIT', failed: last + 1 });
  }

  /** The next record says so. */
  countAttempt(): void {
    this.#attempt += 1;
  }

  /**
   * After the connection was lost while something was committed: whether it was. The session is a new one. Undefined: that
   * cannot be found out now.
   */
  async settle(backend: number): Promise<Settled | undefined> {
    const { key, last } = this.#committing;
    const isDone = await settleUnit(this.#session, { ...this.#recorder.setup, key, backend });
    return isDone === undefined ? undefined : { isDone, next: last + 1 };
  }

  /** The first step of what was committed last. */
  get committing(): number {
    return this.#committing.first;
  }

  /** Pipelines end before what is recorded, or with the last step of a unit that is committed apart. */
  async #runPlain(index: number, last = -1): Promise<Ran> {
    const { steps } = this.#job;
    if (!this.#session.canPipeline) return one(await this.#steps.runStep(index));
    const batch = pipelineAt(steps, index, this.#session.inTransaction);
    const end = batch.findIndex(
      (_, offset) => index + offset > last && (last >= 0 || steps[index + offset]?.unit !== undefined),
    );
    const plain = end < 0 ? batch : batch.slice(0, end);
    return plain.length < SMALLEST_BATCH
      ? one(await this.#steps.runStep(index))
      : this.#steps.runBatch(index, plain);
  }

  /** Statements by themselves that print nothing, or one of any kind; with the beginning of their transaction. */
  #together(first: number): readonly PipelineStatement[] {
    if (!this.#session.canPipeline || first <= this.#oneByOne) return [];
    const batch = pipelineAt(this.#job.steps, first, false);
    const end = batch.findIndex(({ isAlone, hasRows }, offset) => {
      const { unit, show } = this.#stepAt(first + offset);
      const isUnit = isAlone && unit?.record === 'with' && unit.first === first + offset;
      return !isUnit || ((hasRows || show.echo) && offset > 0);
    });
    const fit = end < 0 ? batch : batch.slice(0, end);
    const isLast = fit[0]?.hasRows === true || this.#stepAt(first).show.echo;
    return (isLast ? fit.slice(0, 1) : fit).map((statement, offset) => ({
      ...statement,
      isAlone: false,
      begins: offset === 0,
    }));
  }

  async #runTogether(first: number, batch: readonly PipelineStatement[]): Promise<Ran> {
    const last = first + batch.length - 1;
    this.#steps.markPrinted();
    this.#steps.redo.enter(first);
    const failed =
      (await this.#steps.runBatch(first, batch)).failed ?? (await this.#commitSteps(first, last));
    if (failed === undefined) return { done: batch.length, failed };
    this.#oneByOne = last;
    if (failed.failure.kind === 'connection') return { done: 0, failed };
    if (this.#session.inTransaction) await this.#session.send('ROLLBACK');
    if (first === last) return { done: 1, failed };
    this.#steps.takeBack(first);
    return { done: 0, failed: undefined };
  }

  #commitSteps(first: number, last: number): Promise<Stopped | undefined> {
    const units = this.#job.steps
      .slice(first, last + 1)
      .flatMap(({ unit }, offset) => (unit === undefined ? [] : [this.#done(unit, first + offset)]));
    return this.#commit(units, { first, last, text: 'COMMIT', failed: last });
  }

  /** Steps that are one transaction, which nobody has begun for them. */
  async #runUnit(first: number, last: number): Promise<Ran> {
    let failed = await this.#begin(first);
    for (let next = first; next <= last && failed === undefined;) {
      const ran = await this.#runPlain(next, last);
      next += ran.done;
      failed = ran.failed;
    }
    if (failed === undefined) return { done: last - first + 1, failed: await this.#commitSteps(first, last) };
    if (failed.failure.kind === 'server' && this.#session.inTransaction) await this.#session.send('ROLLBACK');
    return { done: failed.step - first + 1, failed: { ...failed, skipTo: last + 1 } };
  }

  async #begin(step: number): Promise<Stopped | undefined> {
    this.#steps.markPrinted();
    const { failure } = await this.#session.send('BEGIN');
    this.#steps.redo.enter(step);
    return failure && stopped(failure, step);
  }

  /** A COMMIT of the script's own. */
  async #commitBlock(index: number, unit: UnitMessage): Promise<Stopped | undefined> {
    const start = this.#steps.now();
    const { text } = this.#stepAt(index);
    this.#steps.redo.follow(index, true);
    const failed = await this.#commit([this.#done(unit, index)], {
      first: unit.first,
      last: index,
      text,
      failed: index,
    });
    if (failed !== undefined) return failed;
    const answer: Answer = { tag: 'COMMIT', rows: 0, results: [] };
    this.#steps.finish(index, answer, { start, duration: this.#steps.now() - start });
    return undefined;
  }

  async #commit(
    units: readonly DoneUnit[],
    { first, last, text, failed }: Ending,
  ): Promise<Stopped | undefined> {
    const [unit] = units;
    const record =
      units.length === 0 ? [] : [this.#recorder.statement(units, { again: false, asOwner: this.#asOwner })];
    this.#committing = { first, last, key: unit?.key ?? '' };
    const answers = await this.#session.sendAll(
      [...record, { text, hasRows: false, isAlone: false }],
      UNHEARD,
    );
    const failure = answers.at(-1)?.failure;
    if (failure === undefined) return undefined;
    if (failure.kind === 'server') {
      if (this.#session.inTransaction) await this.#session.send('ROLLBACK');
      // Somebody else has done it meanwhile, so that this one must not count.
      if (units.length === 1 && answers.some((answer) => isRecordedTwice(answer.failure))) return undefined;
      // Nothing was written, then, that could be done twice.
      if (failure.code === READ_ONLY) return this.#recordApart(units, failed);
    }
    return stopped(failure, failed, { isCommit: true });
  }

  #recordBehind(index: number, unit: UnitMessage): Promise<Stopped | undefined> {
    return this.#recordApart([this.#done(unit, index)], index);
  }

  async #recordApart(units: readonly DoneUnit[], step: number): Promise<Stopped | undefined> {
    const statement = {
      ...this.#recorder.statement(units, { again: true, asOwner: this.#asOwner }),
      isAlone: true,
    };
    const failure = (await this.#session.sendAll([statement], UNHEARD)).at(-1)?.failure;
    if (failure !== undefined && this.#session.inTransaction) await this.#session.send('ROLLBACK');
    return failure && stopped(failure, step);
  }

  #done({ key, first }: UnitMessage, last: number): DoneUnit {
    const own = this.#steps.results.filter(({ step }) => first <= step && step <= last);
    const rows = own.reduce((sum, result) => sum + result.rows, 0);
    const began = own[0]?.start ?? this.#steps.now();
    const { name = '' } = this.#job;
    return {
      key,
      name: this.#stepAt(first).name ?? name,
      rows,
      duration: this.#steps.now() - began,
      attempt: this.#attempt,
    };
  }

  #stepAt(index: number): StepMessage {
    const step = this.#job.steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    return step;
  }
}

export interface JournaledJob {
  readonly job: JobMessage;
  readonly steps: JobSteps;
  readonly recorder: Recorder;
}

interface Committing {
  readonly first: number;
  readonly last: number;
  /** Of one of the units that are committed together. */
  readonly key: string;
}

interface Ending {
  readonly first: number;
  readonly last: number;
  /** What commits. */
  readonly text: string;
  /** The step that a failure is told of. */
  readonly failed: number;
}

/** What became of the steps that were being committed when the connection was lost; `next`: the step behind them. */
export interface Settled {
  readonly isDone: boolean;
  readonly next: number;
}

/** read_only_sql_transaction */
const READ_ONLY = '25006';

function one(failed: Stopped | undefined): Ran {
  return { done: 1, failed };
}
