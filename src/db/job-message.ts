import type { StatementFailure } from '../model/failure.js';
import type { Job, Step, TargetRef } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { CopyData, LiveScript, Show, Statement } from '../model/script.js';
import type { JournalUnit } from '../plan/journal-units.js';
import { renderTemplate } from '../script/template.js';
import { locateFailure } from './locate-failure.js';
import { commitsWithin } from '../script/commits-within.js';
import { pipelinePart } from './pipeline-part.js';
import { resultFile } from './output/result-file-name.js';
import { sentText } from './sent-text.js';
import type { JobMessage, LiveMessage, StepMessage, TaskFailure, TaskResult, UnionMessage } from './task.js';

/**
 * A job → the message a worker gets (texts with all slots filled), and a worker's answer → the job's outcome (positions
 * in the sent text turned back into places of the file).
 */
export interface MessageOptions {
  readonly keepGoing: boolean;
  /** How often a job may be begun again, where it does not say. */
  readonly retries: number;
  /** Of a run over several targets. */
  readonly union?: UnionOptions | undefined;
  /** Of statements that say nothing else. */
  readonly show: Show;
  /** The snapshot that all jobs of the job's target read. */
  readonly snapshot?: string | undefined;
  /** SET commands for the job. */
  readonly settings: readonly string[];
  /** Of the job's server. */
  readonly epoch?: string | undefined;
  /** With a journal: what of the job is recorded. */
  readonly units?: readonly JournalUnit[] | undefined;
}

/** PostgreSQL cuts application_name at 63 bytes (NAMEDATALEN - 1). */
const NAME_BYTES = 63;

/** How the results of all targets are made one. */
export interface UnionOptions {
  /** With the target's name as the first column. */
  readonly withTarget: boolean;
  /** One row of all is wanted. */
  readonly first: boolean;
  /** Rows are merged by their values. */
  readonly merged: boolean;
}

/**
 * Jobs with the same key may follow each other in one session. Sessions with other settings are made new: what the script
 * has set itself must come behind them again.
 */
export function sessionKey(key: string | undefined, settings: readonly string[]): string {
  return [key, ...settings].join(' ');
}

export function messageOf(job: Job, options: MessageOptions): JobMessage {
  const { keepGoing, retries, show, union, snapshot, settings, units, epoch } = options;
  // So that what is prepared for one job is there for the next.
  const recorded = units && recordedBy(job, units);
  const shares = job.batch !== undefined && job.steps.every(({ parameters }) => parameters !== undefined);
  return {
    id: job.id,
    applicationName: applicationName(job.name),
    transaction: job.transaction,
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(epoch === undefined ? {} : { epoch }),
    settings,
    context: job.context.map(textOf),
    steps: job.steps.map((step, index) => ({
      ...stepMessage(step, {
        show,
        file: job.resultFiles?.[index],
        sharesMessage: job.sharesMessage === true,
      }),
      ...recorded?.(index),
    })),
    ...(units === undefined ? {} : { name: job.name }),
    ...(job.live === undefined ? {} : { live: liveMessage(job, job.live, units) }),
    ...(union === undefined || job.target === undefined ? {} : { union: unionMessage(union, job.target) }),
    ...(shares ? { shared: sessionKey(job.batch, settings) } : sharedBy(job, settings)),
    ...(job.spoils === true ? { spoils: true } : {}),
    ...(holds(job) ? { holds: true } : {}),
    retries: retriesOf(job) ?? retries,
    keepGoing,
  };
}

/** By step: what is recorded once it is done, and how the unit that it begins is called. */
function recordedBy(
  { name, piece, steps }: Job,
  units: readonly JournalUnit[],
): (index: number) => Pick<StepMessage, 'unit' | 'name'> {
  const ends = new Map(units.map((unit) => [unit.last, unit]));
  const begins = new Set(units.map(({ first }) => first));
  return (index) => {
    const { key, first, record } = ends.get(index) ?? {};
    const { place } = steps[index] ?? {};
    const isNamed = place !== undefined && piece === undefined && begins.has(index);
    const isWhole = units.length === 1 && index === 0;
    return {
      ...(key === undefined || first === undefined || record === undefined
        ? {}
        : { unit: { key, first, record } }),
      ...(isNamed ? { name: isWhole ? name : `${place.file}:${place.line}` } : {}),
    };
  };
}

/** The most that a directive of its statements grants. */
function retriesOf({ steps }: Job): number | undefined {
  const said = steps.flatMap(({ statement }) => statement.directives.retries ?? []);
  return said.length === 0 ? undefined : Math.max(...said);
}

/** The order may not have looked; a script that is read while it runs may do anything. */
function holds({ holds: isKnown, live, steps }: Job): boolean {
  return isKnown === true || live !== undefined || steps.some(isTied);
}

function isTied({ statement }: Step): boolean {
  return statement.facts.session === 'tied';
}

/** Jobs that leave nothing in their session may share it with others of their script. */
function sharedBy({ session }: Job, settings: readonly string[]): Pick<JobMessage, 'shared'> {
  return session === undefined ? {} : { shared: sessionKey(session, settings) };
}

function unionMessage({ withTarget, first, merged }: UnionOptions, { name }: TargetRef): UnionMessage {
  return { ...(withTarget ? { targetColumn: name } : {}), isRaw: first || merged, isUrgent: first };
}

function liveMessage(
  { name, steps, resultFiles }: Job,
  script: LiveScript,
  units: readonly JournalUnit[] | undefined,
): LiveMessage {
  const place = steps[0]?.place ?? { file: name, line: 1, column: 1 };
  const [files] = resultFiles ?? [];
  const [unit] = units ?? [];
  return {
    script,
    place,
    ...(unit === undefined ? {} : { key: unit.key }),
    ...(files === undefined ? {} : { resultFiles: files }),
  };
}

interface StepSurroundings {
  readonly show: Show;
  readonly file: string | undefined;
  readonly sharesMessage: boolean;
}

function stepMessage(step: Step, { show: ofRun, file, sharesMessage }: StepSurroundings): StepMessage {
  const { directives, copyTo, echo, terminated, show: own } = step.statement;
  const show = own ?? ofRun;
  const data = dataOf(step);
  const { timeoutMs } = directives;
  const text = textOf(step);
  const { parameters, isLoose = false } = step;
  const pipeline =
    parameters === undefined && !isLoose ? pipelinePart(step.statement, text, sharesMessage) : undefined;
  return {
    text: sentText(text, terminated),
    ...(parameters === undefined ? {} : { parameters }),
    ...(pipeline === undefined ? {} : { pipeline }),
    show,
    ...redoFacts(step.statement, text),
    ...(file === undefined ? {} : { resultFile: resultFile(file, show.print.format) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(data === undefined ? {} : { data }),
    ...(copyTo === undefined ? {} : { copyTo }),
    ...(echo === undefined ? {} : { echo }),
  };
}

/** What matters when it fails. */
function redoFacts(
  { facts }: Statement,
  text: string,
): Pick<StepMessage, 'control' | 'commitsWithin' | 'leaves'> {
  const { control, session } = facts;
  return {
    ...(control === 'none' ? {} : { control }),
    ...(commitsWithin(facts, text) ? { commitsWithin: true } : {}),
    ...(session === 'setting' || session === 'tied' ? { leaves: session } : {}),
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
  const { place, statement, values, parameters } = step;
  const rendered = renderTemplate(statement.text, values);
  const data = dataOf(step)?.[0];
  const failed = locateFailure({ failure, step: context ? 0 : index, place, rendered, data });
  if (parameters === undefined) return failed;
  return { ...failed, parameters: parameters.map((value) => value?.slice(0, SHOWN_PARAMETER) ?? null) };
}

const SHOWN_PARAMETER = 1000;

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
