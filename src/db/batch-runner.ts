import type { Failure } from '../model/failure.js';
import type { NoticeCollector } from './job-runner.js';
import type { Session } from './session.js';
import { echoText, shownAnswer } from './shown-answer.js';
import type { Answer } from './statement-query.js';
import type { BatchResult, JobMessage, TaskResult } from './task.js';

/**
 * Does many small jobs on one session in one go: their statements are sent one behind the other, and answered in that
 * order. Each is a transaction and a job of its own: its failure, notices, results and time are its own.
 *
 * The session is made new only when the batch before was of another kind. Where the first attempt finds the connection
 * broken, the jobs fail as a job by itself would.
 */
export class BatchRunner {
  readonly #session: Session;
  readonly #key: string;
  readonly #jobs: readonly JobMessage[];
  readonly #notices: NoticeCollector;

  constructor(
    session: Session,
    batch: { readonly key: string; readonly jobs: readonly JobMessage[] },
    notices: NoticeCollector,
  ) {
    this.#session = session;
    this.#key = batch.key;
    this.#jobs = batch.jobs;
    this.#notices = notices;
  }

  async run(): Promise<BatchResult> {
    const [first] = this.#jobs;
    const context = this.#session.isSharedBy(this.#key) ? [] : (first?.context ?? []);
    const { applicationName = 'pqrun', settings = [] } = first ?? {};
    const failure = await this.#session.beginShared({ applicationName, settings }, this.#key);
    if (failure !== undefined) return this.#allFailed(failure, false);
    for (const [step, text] of context.entries()) {
      const answer = await this.#session.send(text);
      if (answer.failure !== undefined) return this.#allFailed(answer.failure, true, step);
    }
    return this.#runJobs();
  }

  async #runJobs(): Promise<BatchResult> {
    const ends = [performance.now()];
    this.#notices.step = 0;
    const answers = await this.#send((answered) => {
      ends[answered] ??= performance.now();
      this.#notices.step = answered;
    });
    const jobs = this.#jobs.map((_, index) => {
      const start = ends[index] ?? 0;
      return this.#result(index, answers[index] ?? NO_ANSWER, (ends[index + 1] ?? start) - start);
    });
    return { jobs };
  }

  /** One by one where a statement, or the session, is not fit for more. */
  async #send(onAnswer: (answered: number) => void): Promise<readonly Answer[]> {
    const steps = this.#jobs.flatMap((job) => job.steps);
    if (this.#session.canPipeline && steps.every(({ pipeline }) => pipeline !== undefined)) {
      const statements = steps.map(({ text, pipeline }) => ({
        text,
        hasRows: pipeline?.hasRows ?? true,
        isAlone: true,
      }));
      return this.#session.sendEach(statements, onAnswer);
    }
    const answers: Answer[] = [];
    for (const { text } of steps) {
      answers.push(await this.#session.send(text));
      onAnswer(answers.length);
    }
    return answers;
  }

  #result(index: number, answer: Answer, duration: number): BatchResult['jobs'][number] {
    const { failure, tag, rows } = answer;
    const step = this.#jobs[index]?.steps[0];
    const notices = this.#notices.collected
      .filter((notice) => notice.step === index)
      .map((notice) => ({ ...notice, step: 0 }));
    const told = { backend: this.#session.backend, notices, duration };
    if (failure !== undefined || step === undefined) {
      const failures = failure === undefined ? [] : [{ failure, step: 0, context: false }];
      return { ...told, results: [], failures, outputs: 0, texts: [] };
    }
    const echo = step.show.echo ? [echoText(step)] : [];
    const texts = [...echo, ...shownAnswer(answer, step.show, duration)];
    return {
      ...told,
      results: [{ step: 0, tag, rows, start: 0, duration }],
      failures: [],
      outputs: texts.length,
      texts,
    };
  }

  #allFailed(failure: Failure, context: boolean, step = 0): BatchResult {
    const result: TaskResult = {
      backend: this.#session.backend,
      results: [],
      failures: [{ failure, step, context }],
      notices: [],
      duration: 0,
      outputs: 0,
    };
    return { jobs: this.#jobs.map(() => ({ ...result, texts: [] })) };
  }
}

const NO_ANSWER: Answer = { tag: '', rows: 0, results: [] };
