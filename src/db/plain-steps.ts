import type { CopyData } from '../model/script.js';
import { SMALLEST_BATCH, stopped, withId, type JobSteps, type Ran, type Stopped } from './job-steps.js';
import { pipelineAt } from './pipeline-part.js';
import type { PipelineStatement } from './pipeline-units.js';
import type { Session } from './session.js';
import type { JobMessage } from './task.js';
import { askId, beginWithId } from './xact.js';

/**
 * The steps of a job without a journal: small ones go in numbers, ahead of their answers; of all others the ids of their transactions are
 * known before they are committed (xact.ts).
 *
 * Which are small is found out as they go: it depends on what the one before it on the connection took, the way to the server and back not
 * counted; and of some kinds it is never believed. Of small ones nothing is asked, because that would cost them a tenth of
 * their time, and most runs have nothing else.
 */
export class PlainSteps {
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #steps: JobSteps;
  readonly #stopped: () => boolean;

  constructor(session: Session, { job, steps, stopped }: PlainJob) {
    this.#session = session;
    this.#job = job;
    this.#steps = steps;
    this.#stopped = stopped;
  }

  /** One step, or as many as go together; tells how many were tried. */
  async run(index: number): Promise<Ran> {
    const { steps } = this.#job;
    const step = steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    if (this.#stopped()) return one(await this.#steps.runStep(index));
    if (step.control === 'commit') return one(await this.#commit(index));
    const batch = this.#session.canPipeline ? pipelineAt(steps, index, this.#session.inTransaction) : [];
    const began = performance.now();
    const ran = await this.#runSome(index, batch);
    this.#session.pace = (performance.now() - began - this.#session.trip) / ran.done;
    return ran;
  }

  async #runSome(index: number, batch: readonly PipelineStatement[]): Promise<Ran> {
    const [first] = batch;
    const isSmall = this.#session.pace < SMALL;
    if (isSmall && batch.length >= SMALLEST_BATCH) return this.#steps.runBatch(index, batch);
    const { data, commitsWithin, pipeline, show } = this.#job.steps[index] ?? {};
    const isAsked = pipeline?.isLarge === true || data?.some(isLong) === true || !isSmall;
    if (isAsked && first?.isAlone === true && !first.hasRows && show?.echo !== true)
      return this.#steps.runBatch(index, [{ ...first, takesId: true }]);
    if (isAsked && data !== undefined && commitsWithin !== true && !this.#session.inTransaction)
      return one(await this.#runWithId(index));
    // Nothing of a block is in doubt as long as its COMMIT was not sent.
    const end = batch.findIndex((_, offset) => this.#job.steps[index + offset]?.control === 'commit');
    const open = end < 0 ? batch : batch.slice(0, end);
    if (open.length < SMALLEST_BATCH || first?.isAlone === true) return one(await this.#steps.runStep(index));
    return this.#steps.runBatch(index, open);
  }

  async #commit(index: number): Promise<Stopped | undefined> {
    const id = await askId(this.#session);
    const failed = await this.#steps.runStep(index);
    return failed && withId(failed, id);
  }

  /** A statement that cannot be sent together with what is around it. */
  async #runWithId(index: number): Promise<Stopped | undefined> {
    this.#steps.markPrinted();
    const id = await beginWithId(this.#session);
    // What kept it from being begun keeps the statement from being done.
    if (id !== undefined) this.#steps.redo.enter(index);
    const failed = await this.#steps.runStep(index);
    if (!this.#session.inTransaction) return failed;
    const { failure } = await this.#session.send(failed === undefined ? 'COMMIT' : 'ROLLBACK');
    if (failed !== undefined || failure === undefined) return failed;
    this.#steps.countOut(index);
    return withId(stopped(failure, index, { isCommit: true }), id);
  }
}

interface PlainJob {
  readonly job: JobMessage;
  readonly steps: JobSteps;
  /** The run is being cancelled. */
  readonly stopped: () => boolean;
}

/** A file may be of any length. */
function isLong({ span }: CopyData): boolean {
  return span === undefined || span.end - span.start > SHORT_DATA;
}

const SHORT_DATA = 64 * 1024;

/** Milliseconds that a small statement takes at most. */
const SMALL = 2;

function one(failed: Stopped | undefined): Ran {
  return { done: 1, failed };
}
