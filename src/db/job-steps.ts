import type { Failure } from '../model/failure.js';
import type { Notice, StepResult } from '../model/outcome.js';
import type { PrintFormat } from '../model/print.js';
import type { Place } from '../model/place.js';
import type { Echo } from '../model/script.js';
import { copyInputs } from './copy-input.js';
import { sendInto } from './send-into.js';
import type { PipelineStatement } from './pipeline-units.js';
import { Redo } from './redo.js';
import type { Retrier, RetrySurroundings } from './retrier.js';
import type { Session } from './session.js';
import type { Recorder } from './journal/recorder.js';
import type { JobOutput, OutputMark } from './output/job-output.js';
import { StatementOutput } from './output/statement-output.js';
import type { ResultTaker } from './result-taker.js';
import { isJson } from './print/json.js';
import { timingText } from './shown-texts.js';
import type { Answer } from './statement-query.js';
import { withTimeout } from './statement-timeout.js';
import type { JobMessage, StepMessage, TaskFailure } from './task.js';

export interface JobSurroundings extends RetrySurroundings {
  readonly output: JobOutput;
  /** Of a job that was tried before. */
  readonly retrier?: Retrier;
  /** Undefined: nothing is recorded. */
  readonly recorder?: Recorder;
  /** Called after each step. */
  readonly progress: (stepsDone: number, rows: number) => void;
  /** Collects the notices of the step that runs. */
  readonly notices: NoticeCollector;
}

export interface NoticeCollector {
  step: number;
  /** Of a live script's statement. */
  place?: Place;
  collected: Notice[];
}

/**
 * The steps of one job: sends them one by one, or as many as go together, and keeps what became of them. What to do after a
 * failure is up to whoever asked; steps can be taken back.
 */
export class JobSteps {
  readonly redo: Redo;
  readonly #session: Session;
  readonly #job: JobMessage;
  readonly #around: JobSurroundings;
  readonly #began = performance.now();
  #results: StepResult[] = [];
  #rows = 0;
  /** What was printed before the transaction that runs now. */
  #printed: OutputMark;

  constructor(session: Session, job: JobMessage, around: JobSurroundings) {
    this.#session = session;
    this.#job = job;
    this.#around = around;
    this.redo = new Redo(job.steps, job.transaction === 'single');
    this.#printed = around.output.mark();
  }

  get results(): readonly StepResult[] {
    return this.#results;
  }

  /** Milliseconds since the job began. */
  now(): number {
    return performance.now() - this.#began;
  }

  tellProgress(stepsDone: number): void {
    this.#around.progress(stepsDone, this.#rows);
  }

  /** A transaction begins here. */
  markPrinted(): void {
    this.#printed = this.#around.output.mark();
  }

  /** What was printed since the transaction began is still here. */
  get canTakeBack(): boolean {
    return this.#around.output.posted === this.#printed.posted;
  }

  /** As if the steps from one on had not been sent. */
  takeBack(from: number): void {
    const { notices, output } = this.#around;
    output.rewind(this.#printed);
    notices.collected = notices.collected.filter(({ step }) => step < from);
    this.#results = this.#results.filter(({ step }) => step < from);
    this.#rows = this.#results.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Steps in one go: what is sent of each stands in `batch`. */
  async runBatch(first: number, batch: readonly PipelineStatement[]): Promise<Ran> {
    const ends: number[] = [this.now()];
    this.#around.notices.step = first;
    const outputs: StatementOutput[] = [];
    const unwritten: (Failure | undefined)[] = [];
    const inBlock = this.#inBlock || batch[0]?.begins === true;
    const answers = await this.#session.sendAll(batch, {
      answered: (count) => {
        ends.push(this.now());
        unwritten.push(outputs[count - 1]?.settle(undefined));
        this.#around.notices.step = first + count;
        this.tellProgress(first + count);
      },
      taker: (offset) => {
        const begins =
          batch[offset]?.isAlone === true || this.#job.steps[first + offset]?.control === 'begin';
        if (begins) this.markPrinted();
        return (outputs[offset] = this.#outputOf(first + offset)).taker;
      },
    });
    for (const [offset, answer] of answers.entries()) {
      const index = first + offset;
      const failure = unwritten[offset] ?? answer.failure;
      if (failure !== undefined) {
        outputs[offset]?.settle(failure);
        this.redo.followTo(index, first, inBlock);
        if (batch[offset]?.isAlone === true && this.#session.inTransaction)
          await this.#session.send('ROLLBACK');
        const failed = { ...stopped(failure, index), last: first + batch.length - 1 };
        return { done: offset + 1, failed: withId(failed, answer.id) };
      }
      const start = ends[offset] ?? 0;
      this.finish(index, answer, { start, duration: (ends[offset + 1] ?? start) - start });
    }
    this.redo.followTo(first + answers.length - 1, first, inBlock);
    return { done: answers.length, failed: undefined };
  }

  /** A step that seemed done is not. */
  countOut(step: number): void {
    this.#results = this.#results.filter((result) => result.step !== step);
  }

  /** A step is done, and its answer was lost. */
  countDone(step: number): void {
    if (step >= this.#job.steps.length || this.#results.some((result) => result.step === step)) return;
    this.finish(step, { tag: '', rows: 0, results: [] }, { start: this.now(), duration: 0 });
  }

  /** A step is done. */
  finish(
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
  async runStep(index: number): Promise<Stopped | undefined> {
    const step = this.#job.steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    if (step.echo !== undefined) {
      this.#echo(index, step.echo, step.show.print.format);
      return undefined;
    }
    const behindFailure = this.#session.inFailedTransaction;
    const inBlock = this.#inBlock;
    this.redo.follow(index, inBlock);
    if (!inBlock) this.markPrinted();
    this.#around.notices.step = index;
    const start = this.now();
    const output = this.#outputOf(index);
    const answer: Answer = this.#around.stopped()
      ? { tag: '', rows: 0, results: [], failure: { kind: 'cancelled', message: 'the run was cancelled' } }
      : await withTimeout(this.#session, step.timeoutMs, () => this.#sendStep(step, output.taker));
    const failure = output.settle(answer.failure);
    if (failure !== undefined) {
      const isConsequence = behindFailure && failure.kind === 'server' && failure.code === '25P02';
      return stopped(failure, index, { isConsequence });
    }
    this.finish(index, answer, { start, duration: this.now() - start });
    return undefined;
  }

  /** A session that is lost knows of no block, and yet all of it is gone. */
  get #inBlock(): boolean {
    return this.#session.backend === 0 ? this.redo.inBlock : this.#session.inTransaction;
  }

  /** Where a step's results go. What is printed in front of them is printed now. */
  #outputOf(index: number): StatementOutput {
    const step = this.#job.steps[index];
    if (step === undefined) throw new RangeError(`no step ${index}`);
    if (step.show.echo) this.#print(`${step.text}\n`);
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
}

/** Fewer statements are not worth two commands more for each. */
export const SMALLEST_BATCH = 4;

/** How many steps were tried, and the one that failed. */
export interface Ran {
  readonly done: number;
  readonly failed: Stopped | undefined;
}

/** Where a job came to a stop, and why. `last`: the last step that was sent by then. */
export interface Stopped extends Stood {
  readonly last: number;
}

export interface Stood extends TaskFailure {
  /** The step was refused because one before it in its block has failed. */
  readonly isConsequence?: boolean;
  /** Where to go on after it, if not with the next step. */
  readonly skipTo?: number;
  /** The id of the transaction that it may have ended (xact.ts). */
  readonly id?: string;
  /** What failed is the end of its transaction. */
  readonly isCommit?: boolean;
}

/** The transaction that what failed may have ended. */
export function withId(failed: Stopped, id: string | undefined): Stopped {
  return id === undefined ? failed : { ...failed, id };
}

export function stopped(
  failure: Failure,
  step: number,
  more: Pick<Stood, 'isImport' | 'isConsequence' | 'isCommit'> = {},
): Stopped {
  return { failure, step, last: step, context: false, ...more };
}
