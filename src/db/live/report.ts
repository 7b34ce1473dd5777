import type { Failure, StatementFailure } from '../../model/failure.js';
import { TOLD_STATEMENT, type Notice, type StepResult } from '../../model/outcome.js';
import type { Place } from '../../model/place.js';
import type { CopyData } from '../../model/script.js';
import type { RenderedStatement } from '../../script/template.js';
import { renderTemplate } from '../../script/template.js';
import type { JobSurroundings } from '../job-steps.js';
import { locateFailure } from '../locate-failure.js';
import type { Answer } from '../statement-query.js';
import type { TaskFailure, TaskResult } from '../task.js';

/** What was sent last, for messages about it. */
export interface LastSent {
  readonly place: Place;
  readonly rendered?: RenderedStatement | undefined;
  readonly data?: CopyData | undefined;
}

/**
 * What a live script has done so far, in the words of a task's result. Its statements are counted as steps, each with its
 * own place.
 */
export class LiveReport {
  readonly #around: JobSurroundings;
  readonly #began = performance.now();
  readonly #results: StepResult[] = [];
  readonly #failures: TaskFailure[] = [];
  #rows = 0;
  #step = 0;

  constructor(around: JobSurroundings) {
    this.#around = around;
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** Milliseconds since the job began. */
  now(): number {
    return performance.now() - this.#began;
  }

  /** A statement is being sent: the server's notices are about it. */
  begin(place: Place): void {
    this.#around.notices.step = this.#step;
    this.#around.notices.place = place;
  }

  done({ place, sql }: Done, { tag, rows }: Answer, start: number): void {
    const statement = sql.slice(0, TOLD_STATEMENT);
    this.#results.push({
      step: this.#step,
      place,
      statement,
      tag,
      rows,
      start,
      duration: this.now() - start,
    });
    this.#rows += rows;
    this.#step++;
    this.#around.progress(this.#step, this.#rows);
  }

  fail(failure: Failure, sent: LastSent): void {
    this.#failures.push({ failure, step: this.#step, context: false, located: this.#locate(failure, sent) });
  }

  /** The run's snapshot could not be taken over: nothing of the script was sent. */
  failImport(failure: Failure, place: Place): void {
    const located = this.#locate(failure, { place });
    this.#failures.push({ failure, step: this.#step, context: false, isImport: true, located });
  }

  /** A failure that the script is to go on behind is told, and no more. */
  passOver(failure: Failure, place: Place): void {
    const { message } = failure;
    const code = 'code' in failure ? (failure.code ?? '') : '';
    const { detail, hint } = failure.kind === 'server' ? failure : { detail: undefined, hint: undefined };
    this.#notice({ severity: 'ERROR', code, message, detail, hint }, place);
  }

  /** `\warn` */
  warn(text: string, place: Place): void {
    this.#notice({ severity: '', code: '00000', message: text.replace(/\n$/, '') }, place);
  }

  warnOpenBlock(place: Place): void {
    const message = 'the script ends inside a transaction block: what the block did is rolled back';
    this.#notice({ severity: 'WARNING', code: '01000', message, hint: 'end the block with COMMIT' }, place);
  }

  result(backend: number): TaskResult {
    return {
      backend,
      results: this.#results,
      failures: this.#failures,
      notices: this.#around.notices.collected,
      duration: this.now(),
      outputs: this.#around.output.posted,
      rest: this.#around.output.takeRest(),
    };
  }

  #notice({ detail, hint, ...notice }: Told, place: Place): void {
    const more = { ...(detail === undefined ? {} : { detail }), ...(hint === undefined ? {} : { hint }) };
    this.#around.notices.collected.push({ step: this.#step, place, ...notice, ...more });
  }

  #locate(failure: Failure, { place, rendered = NOTHING, data }: LastSent): StatementFailure {
    return locateFailure({ failure, step: this.#step, place, rendered, data });
  }
}

/** What was sent, and where it stands. */
interface Done {
  readonly place: Place;
  readonly sql: string;
}

interface Told extends Omit<Notice, 'step' | 'place' | 'detail' | 'hint'> {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

const NOTHING = renderTemplate([]);
