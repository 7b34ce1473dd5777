import type { Failure } from '../../model/failure.js';
import { JobRunner } from '../job-runner.js';
import type { JobSurroundings, NoticeCollector } from '../job-steps.js';
import { UNHEARD } from '../pipeline-query.js';
import type { PipelineStatement } from '../pipeline-units.js';
import { NOBODY } from '../result-taker.js';
import type { Session } from '../session.js';
import type { Answer } from '../statement-query.js';
import type { BatchResult, JobMessage, TaskResult } from '../task.js';
import { mayChangeRole, type Recorder } from './recorder.js';
import { settleUnit } from './settle.js';

/**
 * The small jobs of a batch under a journal: one transaction for all of them and their records. Where one of them fails nothing
 * of it is left, and each is done by itself, as a job by itself would be.
 */
export class JournaledBatch {
  readonly #session: Session;
  readonly #key: string;
  readonly #jobs: readonly JobMessage[];
  readonly #around: BatchSurroundings;

  constructor(
    session: Session,
    batch: { readonly key: string; readonly jobs: readonly JobMessage[] },
    around: BatchSurroundings,
  ) {
    this.#session = session;
    this.#key = batch.key;
    this.#jobs = batch.jobs;
    this.#around = around;
  }

  async run(): Promise<BatchResult> {
    return { jobs: (await this.#runTogether()) ?? (await this.#runOneByOne()) };
  }

  /** Undefined: nothing of it is left. */
  async #runTogether(): Promise<readonly TaskResult[] | undefined> {
    const statements = this.#statements();
    if (statements === undefined || !(await this.#begin())) return undefined;
    const { notices, recorder } = this.#around;
    notices.step = 0;
    const ends = [performance.now()];
    const answers = await this.#session.sendAll([BEGIN, ...statements], {
      // The first is BEGIN.
      answered: (count) => {
        ends[count - 1] = performance.now();
        notices.step = count - 1;
      },
      taker: () => NOBODY,
    });
    const own = answers.slice(1);
    if (answers.some(({ failure }) => failure !== undefined)) return this.#takeBack();
    const durations = own.map((_, index) => (ends[index + 1] ?? 0) - (ends[index] ?? 0));
    const units = this.#jobs.flatMap(({ steps: [step], name = '' }, index) => {
      const { rows = 0 } = own[index] ?? {};
      const unit = step?.unit;
      return unit === undefined
        ? []
        : [{ key: unit.key, name, rows, duration: durations[index] ?? 0, attempt: 1 }];
    });
    const { backend } = this.#session;
    const ended = await this.#session.sendAll(
      [
        recorder.statement(units, { again: false, asOwner: mayChangeRole(this.#jobs[0]?.context ?? []) }),
        COMMIT,
      ],
      UNHEARD,
    );
    const failure = ended.at(-1)?.failure;
    const isDone = failure === undefined || (await this.#isCommitted(failure, backend, units[0]?.key ?? ''));
    return isDone
      ? own.map((answer, index) => this.#result(index, answer, durations[index] ?? 0))
      : this.#takeBack();
  }

  /** What may be in one transaction with others, and prints nothing. */
  #statements(): readonly PipelineStatement[] | undefined {
    if (!this.#session.canPipeline || this.#jobs.some(({ snapshot }) => snapshot !== undefined))
      return undefined;
    const steps = this.#jobs.flatMap((job) => job.steps);
    const areFit = steps.every(
      ({ pipeline, show, unit, parameters }) =>
        (pipeline?.hasRows === false || parameters !== undefined) &&
        !show.echo &&
        !show.timing &&
        unit?.record === 'with',
    );
    if (!areFit || steps.some(({ text, parameters }) => parameters !== undefined && GIVES_ROWS.test(text)))
      return undefined;
    return steps.map(({ text, parameters }) => ({
      text,
      ...(parameters === undefined ? {} : { parameters }),
      hasRows: false,
      isAlone: false,
    }));
  }

  async #begin(): Promise<boolean> {
    const { applicationName = 'pqrun', settings = [], context = [], epoch } = this.#jobs[0] ?? {};
    const beginning = { applicationName, settings, epoch };
    const { isNew, failure } = await this.#session.beginShared(beginning, this.#key);
    if (failure !== undefined) return false;
    for (const text of isNew ? context : [])
      if ((await this.#session.send(text)).failure !== undefined) return false;
    return true;
  }

  /** After a failure to commit. A connection that cannot be had again leaves the jobs to find out. */
  async #isCommitted(failure: Failure, backend: number, key: string): Promise<boolean> {
    if (failure.kind !== 'connection' || failure.inDoubt !== true) return false;
    const { applicationName = 'pqrun', settings = [], epoch } = this.#jobs[0] ?? {};
    const lost = await this.#session.begin({ applicationName, settings, epoch });
    if (lost !== undefined) return false;
    return (await settleUnit(this.#session, { ...this.#around.recorder.setup, key, backend })) === true;
  }

  async #takeBack(): Promise<undefined> {
    if (this.#session.inTransaction) await this.#session.send('ROLLBACK');
    this.#around.notices.collected = [];
    return undefined;
  }

  async #runOneByOne(): Promise<readonly TaskResult[]> {
    const results: TaskResult[] = [];
    for (const job of this.#jobs)
      results.push(await new JobRunner(this.#session, job, this.#around.ofJob(job)).run());
    return results;
  }

  #result(index: number, { tag, rows }: Answer, duration: number): TaskResult {
    const notices = this.#around.notices.collected
      .filter(({ step }) => step === index)
      .map((notice) => ({ ...notice, step: 0 }));
    return {
      backend: this.#session.backend,
      results: [{ step: 0, tag, rows, start: 0, duration }],
      failures: [],
      notices,
      duration,
      outputs: 0,
      rest: [],
    };
  }
}

interface BatchSurroundings {
  readonly notices: NoticeCollector;
  readonly recorder: Recorder;
  /** Of a job that is done by itself. */
  readonly ofJob: (job: JobMessage) => JobSurroundings;
}

const BEGIN: PipelineStatement = { text: 'BEGIN', hasRows: false, isAlone: false };
const COMMIT: PipelineStatement = { text: 'COMMIT', hasRows: false, isAlone: false };

const GIVES_ROWS = /\breturning\b|^\s*(?:select|with|values|table|show|explain)\b/i;
