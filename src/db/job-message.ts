import type { ServerFailure, StatementFailure } from '../model/failure.js';
import type { Job, Step } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Place } from '../model/place.js';
import { renderTemplate } from '../script/template.js';
import type { JobMessage, TaskFailure, TaskResult } from './task.js';

/**
 * A job → the message a worker gets (texts with all slots filled), and a worker's answer → the job's outcome (positions
 * in the sent text turned back into places of the file).
 */

/** PostgreSQL cuts application_name at 63 bytes (NAMEDATALEN - 1). */
const NAME_BYTES = 63;
const SHOWN_STATEMENT = 10_000;

export function messageOf(job: Job, options: { readonly keepGoing: boolean }): JobMessage {
  return {
    id: job.id,
    applicationName: applicationName(job.name),
    transaction: job.transaction,
    context: job.context.map(textOf),
    steps: job.steps.map((step) => {
      const { directives, data } = step.statement;
      const { timeoutMs } = directives;
      return {
        text: textOf(step),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(data === undefined ? {} : { data }),
      };
    }),
    keepGoing: options.keepGoing,
  };
}

export function outcomeOf(job: Job, connection: number, result: TaskResult): JobOutcome {
  const { backend, results, notices, duration } = result;
  const failures = result.failures.map((failure) => located(job, failure));
  return { connection, backend, results, failures, notices, duration };
}

function located(job: Job, { failure, step: index, context }: TaskFailure): StatementFailure {
  const step = context ? job.context[index] : job.steps[index];
  if (step === undefined) throw new RangeError(`job ${job.name} has no step ${index}`);
  const { text, locate } = renderTemplate(step.statement.text, step.values);
  const statement = text.slice(0, SHOWN_STATEMENT);
  const told = { failure, step: context ? 0 : index, statement };
  if (failure.kind !== 'server') return { ...told, place: step.place };
  if (failure.position === undefined) return { ...told, place: dataPlace(step, failure) ?? step.place };
  const { line, column } = locate(failure.position);
  const excerpt = excerptOf(text, failure.position);
  return { ...told, place: { file: step.place.file, line, column }, excerpt };
}

/** `COPY t, line 3, column a: "x"`: the server counts the lines of the data, the user those of the file. */
function dataPlace(step: Step, { context }: ServerFailure): Place | undefined {
  const { data } = step.statement;
  const line = /^COPY [^\n]*?, line (\d+)/.exec(context ?? '')?.[1];
  if (data === undefined || line === undefined) return undefined;
  return { file: step.place.file, line: data.line + Number(line) - 1, column: 1 };
}

/** The line of the sent text that holds the position (in characters from 1), and the column in it. */
function excerptOf(text: string, position: number): NonNullable<StatementFailure['excerpt']> {
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('');
  const start = before.lastIndexOf('\n') + 1;
  const end = text.indexOf('\n', before.length);
  return {
    line: before.split('\n').length,
    text: text.slice(start, end === -1 ? undefined : end).replace(/\r$/, ''),
    column: Array.from(before.slice(start)).length + 1,
  };
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
