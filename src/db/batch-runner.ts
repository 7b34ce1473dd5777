import type { Failure } from '../model/failure.js';
import type { NoticeCollector } from './job-steps.js';
import type { PipelineListener } from './pipeline-query.js';
import { replay } from './replay.js';
import { sendEach } from './send-each.js';
import type { Session } from './session.js';
import { beginSingle } from './snapshot-import.js';
import type { JobOutput } from './output/job-output.js';
import { StatementOutput } from './output/statement-output.js';
import type { ResultTaker } from './result-taker.js';
import { timingText } from './shown-texts.js';
import type { Answer } from './statement-query.js';
import type { BatchResult, JobMessage, StepMessage, TaskResult } from './task.js';

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
  readonly #outputs: readonly JobOutput[];

  constructor(
    session: Session,
    batch: { readonly key: string; readonly jobs: readonly JobMessage[] },
    around: { readonly notices: NoticeCollector; readonly output: (job: number) => JobOutput },
  ) {
    this.#session = session;
    this.#key = batch.key;
    this.#jobs = batch.jobs;
    this.#notices = around.notices;
    this.#outputs = batch.jobs.map(({ id }) => around.output(id));
  }

  async run(): Promise<BatchResult> {
    const [first] = this.#jobs;
    const { applicationName = 'pqrun', settings = [], context = [], epoch } = first ?? {};
    const beginning = { applicationName, settings, epoch };
    const { isNew, failure } = await this.#session.beginShared(beginning, this.#key);
    if (failure !== undefined) return this.#allFailed(failure, false);
    const unset = isNew ? await replay(this.#session, context) : undefined;
    if (unset !== undefined) return this.#allFailed(unset.failure, true, unset.step);
    return this.#runJobs();
  }

  async #runJobs(): Promise<BatchResult> {
    const ends = [performance.now()];
    this.#notices.step = 0;
    const outputs: StatementOutput[] = [];
    const failures: (Failure | undefined)[] = [];
    const answers = await this.#send({
      answered: (count, { failure }) => {
        ends[count] ??= performance.now();
        // At once: a file stays open no longer than it must.
        failures[count - 1] ??= outputs[count - 1]?.settle(failure) ?? failure;
        this.#notices.step = count;
      },
      taker: (index) => (outputs[index] = this.#outputOf(index)).taker,
    });
    const jobs = this.#jobs.map((_, index) => {
      const start = ends[index] ?? 0;
      const answer = answers[index] ?? NO_ANSWER;
      const failure = failures[index] ?? answer.failure;
      return this.#result(index, { ...answer, failure }, (ends[index + 1] ?? start) - start);
    });
    return { jobs };
  }

  /** One by one where a statement, or the session, is not fit for more. */
  async #send(listener: PipelineListener): Promise<readonly Answer[]> {
    const steps = this.#jobs.flatMap((job) => job.steps);
    const bound = steps.flatMap(({ text, parameters }) =>
      parameters === undefined ? [] : [{ text, parameters }],
    );
    const isOwnTransaction = this.#jobs[0]?.snapshot === undefined;
    if (isOwnTransaction && bound.length > 0 && bound.length === steps.length)
      return this.#session.sendBound(bound, listener);
    if (this.#session.canPipeline && steps.every(({ pipeline }) => pipeline !== undefined)) {
      const statements = steps.map(({ text, pipeline }) => ({
        text,
        hasRows: pipeline?.hasRows ?? true,
        isAlone: true,
        sharesMessage: pipeline?.sharesMessage === true,
      }));
      return sendEach(this.#session, { statements, snapshot: this.#jobs[0]?.snapshot }, listener);
    }
    const answers: Answer[] = [];
    for (const step of steps) {
      const answer = await this.#sendOne(step, listener.taker(answers.length));
      answers.push(answer);
      listener.answered(answers.length, answer);
    }
    return answers;
  }

  /** A transaction of its own: the server's, or one that reads the run's snapshot. */
  async #sendOne(step: StepMessage, taker: ResultTaker): Promise<Answer> {
    const snapshot = this.#jobs[0]?.snapshot;
    if (snapshot === undefined) return this.#sendPlain(step, taker);
    const failure = await beginSingle(this.#session, { snapshot });
    if (failure !== undefined) return { ...NO_ANSWER, failure, isImport: true };
    const answer = await this.#sendPlain(step, taker);
    const end = await this.#session.send(answer.failure === undefined ? 'COMMIT' : 'ROLLBACK');
    return end.failure === undefined ? answer : { ...answer, failure: answer.failure ?? end.failure };
  }

  async #sendPlain({ text, parameters }: StepMessage, taker: ResultTaker): Promise<Answer> {
    if (parameters === undefined) return this.#session.send(text, { taker });
    const listener = { answered: () => undefined, taker: () => taker };
    const [answer = NO_ANSWER] = await this.#session.sendBound([{ text, parameters }], listener);
    return answer;
  }

  #outputOf(index: number): StatementOutput {
    const step = this.#jobs[index]?.steps[0];
    const sink = this.#outputs[index];
    if (step === undefined || sink === undefined) throw new RangeError(`no job ${index} in the batch`);
    if (step.show.echo) sink.print(`${step.text}\n`);
    const message = this.#jobs[index]?.union;
    const union = message && { message, output: sink };
    return new StatementOutput(step.show.print, { file: step.resultFile, sink, union });
  }

  #result(index: number, { failure, tag, rows, isImport }: EndedAnswer, duration: number): TaskResult {
    const output = this.#outputs[index];
    const isTimed = failure === undefined && this.#jobs[index]?.steps[0]?.show.timing === true;
    if (isTimed) output?.print(timingText(duration));
    const notices = this.#notices.collected
      .filter((notice) => notice.step === index)
      .map((notice) => ({ ...notice, step: 0 }));
    return {
      backend: this.#session.backend,
      notices,
      duration,
      results: failure === undefined ? [{ step: 0, tag, rows, start: 0, duration }] : [],
      failures:
        failure === undefined ? [] : [{ failure, step: 0, context: false, ...(isImport && { isImport }) }],
      outputs: output?.posted ?? 0,
      rest: output?.takeRest() ?? [],
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
      rest: [],
    };
    return { jobs: this.#jobs.map(() => result) };
  }
}

type EndedAnswer = Omit<Answer, 'failure'> & { readonly failure: Failure | undefined };

const NO_ANSWER: Answer = { tag: '', rows: 0, results: [] };
