import type { Failure } from '../model/failure.js';
import type { Notice, StepResult } from '../model/outcome.js';
import type { PrintFormat } from '../model/print.js';
import type { Place } from '../model/place.js';
import type { Echo } from '../model/script.js';
import { copyInputs } from './copy-input.js';
import { sendInto } from './send-into.js';
import { pipelineAt } from './pipeline-part.js';
import type { PipelineStatement } from './pipeline-query.js';
import type { Session } from './session.js';
import { beginSingle, LEFT_SNAPSHOT } from './snapshot-import.js';
import type { JobOutput } from './output/job-output.js';
import { StatementOutput } from './output/statement-output.js';
import type { ResultTaker } from './result-taker.js';
import { isJson } from './print/json.js';
import { echoText, timingText } from './shown-texts.js';
import type { Answer } from './statement-query.js';
import { withTimeout } from './statement-timeout.js';
import type { JobMessage, StepMessage, TaskFailure, TaskResult } from './task.js';

/**
 * Does one job on one session: reset, context, then step by step, each as psql would send it.
 *
 * A failed step ends the job, unless it keeps going. An open transaction block at the end is rolled back, as the server
 * does when psql leaves; where nothing failed that is told as a warning, because what the block did is lost. Before
 * each step the run's stop flag is read, so that a cancelled chain does not go on behind the statement that was
 * cancelled on the server.
 */
export interface JobSurroundings {
  readonly stopped: () => boolean;
  readonly output: JobOutput;
  /** Called after each step. */
  readonly progress: (stepsDone: number, rows: number) => void;
  /** Collects the notices of the step that runs. */
  readonly notices: NoticeCollector;
}

export interface NoticeCollector {
  step: number;
  /** Of a live script's statement. */
  place?: Place;
  readonly collected: Notice[];
}

export class JobRunner {
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #around: JobSurroundings;
  readonly #began = performance.now();
  readonly #results: StepResult[] = [];
  readonly #failures: TaskFailure[] = [];
  #rows = 0;

  constructor(session: Session, job: JobMessage, around: JobSurroundings) {
    this.#session = session;
    this.#job = job;
    this.#around = around;
  }

  async run(): Promise<TaskResult> {
    const { shared } = this.#job;
    const { isNew, failure } =
      shared === undefined
        ? { isNew: true, failure: await this.#session.begin(this.#job) }
        : await this.#session.beginShared(this.#job, shared);
    if (failure !== undefined) this.#failures.push({ failure, step: 0, context: false });
    else if (!isNew || (await this.#replayContext())) await this.#runSteps();
    if (this.#job.spoils === true) this.#session.spoil();
    if (this.#job.holds === true) await this.#session.release();
    const { backend } = this.#session;
    return {
      backend,
      results: this.#results,
      failures: this.#failures,
      notices: this.#around.notices.collected,
      duration: this.#now(),
      outputs: this.#around.output.posted,
      rest: this.#around.output.takeRest(),
    };
  }

  async #replayContext(): Promise<boolean> {
    for (const [step, text] of this.#job.context.entries()) {
      const { failure } = await this.#session.send(text);
      if (failure === undefined) continue;
      this.#failures.push({ failure, step, context: true });
      return false;
    }
    return true;
  }

  async #runSteps(): Promise<void> {
    const { steps, transaction, keepGoing } = this.#job;
    if (transaction === 'single' && !(await this.#begin())) return;
    for (let next = 0; next < steps.length;) {
      const { done, failure } = await this.#runNext(next);
      next += done;
      this.#around.progress(next, this.#rows);
      if (failure === undefined && this.#hasLeftSnapshot(next - 1)) break;
      if (failure !== undefined && (!keepGoing || failure.kind !== 'server' || transaction === 'single'))
        break;
    }
    await this.#end();
  }

  async #begin(): Promise<boolean> {
    const failure = await beginSingle(this.#session, this.#job);
    if (failure !== undefined) this.#failures.push({ failure, step: 0, context: false, isImport: true });
    return failure === undefined;
  }

  /** A statement that the parser did not understand may have ended the transaction. */
  #hasLeftSnapshot(step: number): boolean {
    if (this.#job.snapshot === undefined || this.#session.inTransaction) return false;
    this.#failures.push({ failure: LEFT_SNAPSHOT, step, context: false });
    return true;
  }

  /** One step, or as many as go together; tells how many were tried. */
  async #runNext(index: number): Promise<{ readonly done: number; readonly failure: Failure | undefined }> {
    const { steps } = this.#job;
    const step = steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    const batch = this.#session.canPipeline ? pipelineAt(steps, index, this.#session.inTransaction) : [];
    if (batch.length < SMALLEST_BATCH || this.#around.stopped())
      return { done: 1, failure: await this.#runStep(index, step) };
    return this.#runBatch(index, batch);
  }

  async #runBatch(
    first: number,
    batch: readonly PipelineStatement[],
  ): Promise<{ readonly done: number; readonly failure: Failure | undefined }> {
    const ends: number[] = [this.#now()];
    this.#around.notices.step = first;
    const outputs: StatementOutput[] = [];
    const unwritten: (Failure | undefined)[] = [];
    const answers = await this.#session.sendAll(batch, {
      answered: (count) => {
        ends.push(this.#now());
        unwritten.push(outputs[count - 1]?.settle(undefined));
        this.#around.notices.step = first + count;
        this.#around.progress(first + count, this.#rows);
      },
      taker: (offset) => (outputs[offset] = this.#outputOf(first + offset)).taker,
    });
    for (const [offset, answer] of answers.entries()) {
      const index = first + offset;
      const failure = unwritten[offset] ?? answer.failure;
      if (failure !== undefined) {
        outputs[offset]?.settle(failure);
        this.#failures.push({ failure, step: index, context: false });
        if (batch[offset]?.isAlone === true && this.#session.inTransaction)
          await this.#session.send('ROLLBACK');
        return { done: offset + 1, failure };
      }
      const start = ends[offset] ?? 0;
      this.#finish(index, answer, { start, duration: (ends[offset + 1] ?? start) - start });
    }
    return { done: answers.length, failure: undefined };
  }

  #finish(
    step: number,
    answer: Answer,
    { start, duration }: { readonly start: number; readonly duration: number },
  ): void {
    const { tag, rows } = answer;
    this.#rows += rows;
    this.#results.push({ step, tag, rows, start, duration });
    if (this.#job.steps[step]?.show.timing === true) this.#print(timingText(duration));
  }

  /** Steps behind a failure in the same block fail by rule (25P02): psql shows each, we only name the first. */
  async #runStep(index: number, step: StepMessage): Promise<Failure | undefined> {
    if (step.echo !== undefined) {
      this.#echo(index, step.echo, step.show.print.format);
      return undefined;
    }
    const behindFailure = this.#session.inFailedTransaction;
    this.#around.notices.step = index;
    const start = this.#now();
    const output = this.#outputOf(index);
    const answer: Answer = this.#around.stopped()
      ? { tag: '', rows: 0, results: [], failure: { kind: 'cancelled', message: 'the run was cancelled' } }
      : await withTimeout(this.#session, step.timeoutMs, () => this.#sendStep(step, output.taker));
    const failure = output.settle(answer.failure);
    if (failure !== undefined) {
      const consequence = behindFailure && failure.kind === 'server' && failure.code === '25P02';
      if (!consequence) this.#failures.push({ failure, step: index, context: false });
      return failure;
    }
    this.#finish(index, answer, { start, duration: this.#now() - start });
    return undefined;
  }

  /** Where a step's results go. What is printed in front of them is printed now. */
  #outputOf(index: number): StatementOutput {
    const step = this.#job.steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    if (step.show.echo) this.#print(echoText(step));
    const { output } = this.#around;
    const { union: message } = this.#job;
    const union = message && { message, output };
    return new StatementOutput(step.show.print, { file: step.resultFile, sink: output, union });
  }

  #print(text: string): void {
    this.#around.output.print(text);
  }

  #echo(step: number, { to, text }: Echo, format: PrintFormat): void {
    if (to === 'stdout') this.#print(text);
    else if (to === 'results') this.#around.output.print(text, isJson(format) ? 'screen' : 'results');
    else
      this.#around.notices.collected.push({
        step,
        severity: '',
        code: '00000',
        message: text.replace(/\n$/, ''),
      });
  }

  async #sendStep(step: StepMessage, taker: ResultTaker): Promise<Answer> {
    const { text, parameters, data, copyTo } = step;
    if (parameters !== undefined) {
      const listener = { answered: () => undefined, taker: () => taker };
      const [answer] = await this.#session.sendBound([{ text, parameters }], listener);
      if (answer !== undefined) return answer;
    }
    const input = data && copyInputs(data);
    if (copyTo === undefined) return this.#session.send(text, { input, taker });
    return sendInto(copyTo, (file) => this.#session.send(text, { taker: file }));
  }

  async #end(): Promise<void> {
    if (!this.#session.inTransaction) return;
    const failed = this.#failures.length > 0;
    if (this.#job.transaction === 'single' && !failed) {
      const { failure } = await this.#session.send('COMMIT');
      if (failure !== undefined)
        this.#failures.push({ failure, step: this.#job.steps.length - 1, context: false });
      return;
    }
    await this.#session.send('ROLLBACK');
    if (failed) return;
    this.#around.notices.collected.push({
      step: this.#job.steps.length - 1,
      severity: 'WARNING',
      code: '01000',
      message: 'the script ends inside a transaction block: what the block did is rolled back',
      hint: 'end the block with COMMIT',
    });
  }

  #now(): number {
    return performance.now() - this.#began;
  }
}

/** Fewer statements are not worth two commands more for each. */
const SMALLEST_BATCH = 4;
