import type { RunEvent } from '../model/event.js';
import { targetName, type Job } from '../model/job.js';
import { TOLD_STATEMENT, type JobOutcome, type StepResult } from '../model/outcome.js';
import type { Place } from '../model/place.js';
import { renderTemplate } from '../script/template.js';

/** What a job does, as events: its beginning; then its notices, its statements, and its end. */

/** How a job began. */
export interface Beginning {
  readonly at: number;
  readonly connection: number;
  readonly parallelWorkers: number | undefined;
}

export function startEvent(job: Job, { at, connection, parallelWorkers }: Beginning): RunEvent {
  const { id, name, steps, weight, piece } = job;
  const more = {
    ...targetName(job),
    ...(piece === undefined ? {} : { piece }),
    ...(parallelWorkers === undefined ? {} : { parallelWorkers }),
  };
  return { type: 'job-started', at, job: id, name, connection, steps: steps.length, weight, ...more };
}

export interface Telling {
  readonly emit: (event: RunEvent) => void;
  /** Now, when the outcome came in. */
  readonly at: number;
  /** The failure is only pqrun's own cancelling. */
  readonly cancelled: boolean;
}

export function tellOutcome(job: Job, outcome: JobOutcome, { emit, at, cancelled }: Telling): void {
  const began = at - outcome.duration;
  const placeOf = ({ step, place }: { readonly step: number; readonly place?: Place }): Place =>
    place ?? job.steps[step]?.place ?? { file: job.name, line: 1, column: 1 };
  for (const notice of outcome.notices) {
    emit({ type: 'notice', at, job: job.id, place: placeOf(notice), notice });
  }
  for (const result of outcome.results) {
    const { tag, rows, start, duration } = result;
    const ended = began + start + duration;
    const statement = textOf(job, result);
    const told = { place: placeOf(result), statement, tag, rows, duration };
    emit({ type: 'statement-finished', at: ended, job: job.id, ...told });
  }
  const rows = outcome.results.reduce((sum, result) => sum + result.rows, 0);
  const { id, name, weight } = job;
  const { connection, duration, failures } = outcome;
  const end = { at, job: id, name, ...targetName(job), connection, weight, rows, duration };
  if (failures.length === 0) emit({ type: 'job-finished', ...end });
  else emit({ type: 'job-failed', ...end, failures, cancelled });
}

function textOf(job: Job, { step, statement }: StepResult): string {
  if (statement !== undefined) return statement;
  const sent = job.steps[step];
  return sent === undefined
    ? ''
    : renderTemplate(sent.statement.text, sent.values).text.slice(0, TOLD_STATEMENT);
}
