import type { StatementFailure } from '../model/failure.js';
import type { Job, Step } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { CopyData, Show } from '../model/script.js';
import { renderTemplate } from '../script/template.js';
import { locateFailure } from './locate-failure.js';
import { pipelinePart } from './pipeline-part.js';
import type { JobMessage, StepMessage, TaskFailure, TaskResult } from './task.js';

/**
 * A job → the message a worker gets (texts with all slots filled), and a worker's answer → the job's outcome (positions
 * in the sent text turned back into places of the file).
 */
export interface MessageOptions {
  readonly keepGoing: boolean;
  /** Of statements that say nothing else. */
  readonly show: Show;
  /** SET commands for the job. */
  readonly settings: readonly string[];
}

/** PostgreSQL cuts application_name at 63 bytes (NAMEDATALEN - 1). */
const NAME_BYTES = 63;

export function messageOf(job: Job, { keepGoing, show, settings }: MessageOptions): JobMessage {
  const place = job.steps[0]?.place ?? { file: job.name, line: 1, column: 1 };
  return {
    id: job.id,
    applicationName: applicationName(job.name),
    transaction: job.transaction,
    settings,
    context: job.context.map(textOf),
    steps: job.steps.map((step) => stepMessage(step, show)),
    ...(job.live === undefined ? {} : { live: { script: job.live, place } }),
    keepGoing,
  };
}

function stepMessage(step: Step, show: Show): StepMessage {
  const { directives, copyTo, echo, terminated, show: own } = step.statement;
  const data = dataOf(step);
  const { timeoutMs } = directives;
  const text = textOf(step);
  const pipeline = pipelinePart(step.statement, text);
  return {
    text,
    ...(pipeline === undefined ? {} : { pipeline }),
    terminated,
    show: own ?? show,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(data === undefined ? {} : { data }),
    ...(copyTo === undefined ? {} : { copyTo }),
    ...(echo === undefined ? {} : { echo }),
  };
}

export function outcomeOf(job: Job, connection: number, result: TaskResult): JobOutcome {
  const { backend, results, notices, duration } = result;
  const failures = result.failures.map((failure) => located(job, failure));
  return { connection, backend, results, failures, notices, duration };
}

function located(job: Job, { failure, step: index, context, located: told }: TaskFailure): StatementFailure {
  if (told !== undefined) return told;
  const step = context ? job.context[index] : job.steps[index];
  if (step === undefined) {
    if (job.live === undefined) throw new RangeError(`job ${job.name} has no step ${index}`);
    return { failure, step: index, statement: '', place: { file: job.name, line: 1, column: 1 } };
  }
  const { place, statement, values } = step;
  const rendered = renderTemplate(statement.text, values);
  return locateFailure({ failure, step: context ? 0 : index, place, rendered, data: dataOf(step)?.[0] });
}

function dataOf({ data, statement }: Step): readonly CopyData[] | undefined {
  const all = data === undefined ? statement.data : [data];
  // Where it could be cut matters to the plan only.
  return all?.map(({ from, name, span, line }) => ({ from, name, span, line }));
}

function textOf(step: Step): string {
  return renderTemplate(step.statement.text, step.values).text;
}

function applicationName(name: string): string {
  const bytes = Buffer.from(`pqrun: ${name}`);
  if (bytes.length <= NAME_BYTES) return bytes.toString();
  // The end tells jobs apart: the file's name, the line, the piece.
  return `pqrun: …${bytes
    .subarray(bytes.length - (NAME_BYTES - 'pqrun: …'.length - 2))
    .toString()
    .replace(/^\ufffd+/, '')}`;
}
