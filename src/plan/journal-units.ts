import { createHash } from 'node:crypto';
import { isGate, type Job, type Step } from '../model/job.js';
import type { CopyData, Script } from '../model/script.js';
import type { Plan } from '../model/plan.js';
import { predecessors, topologicalOrder } from './graph.js';
import { commitsWithin } from '../script/commits-within.js';
import { needsSession } from '../script/session-effect.js';
import { renderTemplate } from '../script/template.js';

/**
 * What a journal records: the smallest parts of jobs that are committed as a whole.
 *
 * Which statements share a job depends on the number of connections and on what is in the database, so that the next run may
 * have other jobs. Units depend on the scripts' texts alone, and are the same in every run: a statement by itself, a transaction
 * block, a piece of a split, and a whole script under --single-transaction, `file session`, or where a statement needs its session
 * (temporary tables, prepared statements …): what a session has the next one has not, so such a script is done as a whole, in
 * one transaction wherever that can be.
 *
 * A key is made of the unit's texts and its script's name, not of its place: statements may be put in front of it. Units that
 * are equal are numbered in the written order.
 *
 * Statements that only set something are no units: whoever needs them sends them again. What functions leave in a session is
 * not known here.
 */
export interface JournalUnit {
  readonly key: string;
  /** Its first and last step in its job. */
  readonly first: number;
  readonly last: number;
  /** `with`: the record is committed with it; `after`: behind it, so that it is done at least once. */
  readonly record: 'with' | 'after';
}

/** Gives the same text for the same data. */
export type DataDigest = (data: CopyData) => string;

/** By job. */
export function journalUnits({ jobs, scripts }: Plan, digest: DataDigest): JobUnits {
  const byId = new Map(scripts.map((script) => [script.id, script]));
  const counts = new Map<string, number>();
  const keyed = (hash: string): string => {
    const count = counts.get(hash) ?? 0;
    counts.set(hash, count + 1);
    return count === 0 ? hash : `${hash}#${count + 1}`;
  };
  return new Map(
    jobs
      .filter((job) => !isGate(job))
      .map((job) => {
        const script = byId.get(job.script ?? -1);
        const found = rangesOf(job, script).map(({ first, last, record }) => ({
          key: keyed(hashOf(job, { first, last, script, digest })),
          first,
          last,
          record,
        }));
        return [job.id, found] as const;
      }),
  );
}

/** Whether something of a job is recorded only behind its end: when the run dies in between, it is done again. */
export function doneAtLeastOnce({ scripts }: Plan): (job: Job) => boolean {
  const byId = new Map(scripts.map((script) => [script.id, inOneSession(script)]));
  return (job) => rangesOf(job, byId.get(job.script ?? -1)).some(({ record }) => record === 'after');
}

type Range = Omit<JournalUnit, 'key'>;

function rangesOf({ steps, live, transaction }: Job, script: Script | undefined): readonly Range[] {
  const all = { first: 0, last: Math.max(0, steps.length - 1) };
  if (live !== undefined) return [{ ...all, record: 'after' }];
  if (transaction === 'single') return [{ ...all, record: 'with' }];
  if (script?.mode.session !== true || steps.length < 2) return cutSteps(steps);
  return [{ ...all, record: canBeOneTransaction(steps) ? 'with' : 'after' }];
}

/** With a journal, a script that needs its session is one job: what its statements need of it their texts do not tell. */
export function inOneSession(script: Script): Script {
  const isTied = script.statements.some(({ facts }) => needsSession(facts.session));
  const isOne = isTied && script.statements.length > 1 && script.live === undefined;
  return isOne ? { ...script, mode: { ...script.mode, session: true } } : script;
}

function canBeOneTransaction(steps: readonly Step[]): boolean {
  return steps.every((step) => step.statement.facts.control === 'none' && !isKeptOut(step));
}

function isKeptOut({ statement, values }: Step): boolean {
  const { facts, text, directives, echo } = statement;
  return (
    echo === undefined &&
    (directives.noTransaction || commitsWithin(facts, renderTemplate(text, values).text))
  );
}

function cutSteps(steps: readonly Step[]): readonly Range[] {
  const ranges: Range[] = [];
  let first: number | undefined;
  let isExact = true;
  for (const [index, step] of steps.entries()) {
    const { control, session } = step.statement.facts;
    if (first === undefined && control !== 'begin') {
      const isQuiet = (session === 'setting' || session === 'local') && control === 'none';
      if (step.statement.echo !== undefined || isQuiet) continue;
      ranges.push({ first: index, last: index, record: isKeptOut(step) ? 'after' : 'with' });
      continue;
    }
    first ??= index;
    isExact &&= !isKeptOut(step);
    if (control !== 'commit' && control !== 'rollback' && control !== 'prepare') continue;
    if (control === 'commit') ranges.push({ first, last: index, record: isExact ? 'with' : 'after' });
    else if (control === 'prepare') ranges.push({ first, last: index, record: 'after' });
    first = undefined;
    isExact = true;
  }
  return ranges;
}

interface Hashed {
  readonly first: number;
  readonly last: number;
  readonly script: Script | undefined;
  readonly digest: DataDigest;
}

function hashOf(job: Job, { first, last, script, digest }: Hashed): string {
  const hash = createHash('sha256').update(`${script?.name ?? ''}\0${job.target?.name ?? ''}`);
  if (job.piece !== undefined) hash.update(`\0piece ${job.piece.unit}`);
  if (job.live !== undefined) hash.update(`\0live ${digest({ ...job.live, span: undefined, line: 1 })}`);
  for (const step of job.steps.slice(first, last + 1)) {
    hash.update('\0').update(renderTemplate(step.statement.text, step.values).text);
    if (step.parameters !== undefined) hash.update(`\0${JSON.stringify(step.parameters)}`);
    for (const data of step.data === undefined ? (step.statement.data ?? []) : [step.data])
      hash.update(`\0${digest(data)}`);
  }
  const key = hash.digest('base64url').slice(0, KEY_LENGTH);
  return job.piece?.unit === 'chunk' ? key + PLACE_MARK : key;
}

/** In the key of a place for a piece of a table: there may be more places than pieces. */
export const PLACE_MARK = '~';

export function isPlaceKey(key: string): boolean {
  return key.includes(PLACE_MARK);
}

/** 132 bits. */
const KEY_LENGTH = 22;

/** The plan without what is done: jobs of which nothing is left are gates, others have the rest of their steps. */
export function withoutDone(plan: Plan, units: JobUnits, done: ReadonlySet<string>): Left {
  if (done.size === 0) return { plan, units: new Map(units) };
  const left = new Map<number, readonly JournalUnit[]>();
  const jobs = plan.jobs.map((job) => {
    const rest = restOf(job, units.get(job.id) ?? [], done);
    left.set(job.id, rest.units);
    return rest.job ?? gateOf(job);
  });
  return { plan: { ...plan, jobs }, units: left };
}

/** A job without what is done of it; no job: nothing of it is left. */
export function restOf(job: Job, own: readonly JournalUnit[], done: ReadonlySet<string>): Rest {
  const open = own.filter(({ key }) => !done.has(key));
  if (open.length === own.length) return { job, units: own };
  if (open.length === 0) return { job: undefined, units: [] };
  const kept = job.steps.flatMap(({ statement }, index) => {
    const unit = own.find(({ first, last }) => first <= index && index <= last);
    const isOpen = unit === undefined || open.includes(unit);
    return isOpen || statement.facts.session === 'setting' ? index : [];
  });
  const units = open.map((unit) => ({
    ...unit,
    first: kept.indexOf(unit.first),
    last: kept.indexOf(unit.last),
  }));
  const steps = kept.flatMap((index) => job.steps[index] ?? []);
  return { job: { ...job, steps, weight: (job.weight * steps.length) / job.steps.length }, units };
}

interface Rest {
  readonly job: Job | undefined;
  readonly units: readonly JournalUnit[];
}

export type JobUnits = ReadonlyMap<number, readonly JournalUnit[]>;

export interface Left {
  readonly plan: Plan;
  readonly units: Map<number, readonly JournalUnit[]>;
}

function gateOf({ id, name, target, context, transaction }: Job): Job {
  const gate = { name, script: undefined, steps: [], transaction, context, weight: 0, id };
  return target === undefined ? gate : { ...gate, target };
}

/** The statements of a target's jobs of which nothing is left to do: their scripts' ids and their indexes, `3 17`. */
export function doneStatements(
  { jobs }: Plan,
  units: JobUnits,
  { done, target }: { readonly done: ReadonlySet<string>; readonly target: number },
): ReadonlySet<string> {
  if (done.size === 0) return done;
  const found = new Set<string>();
  const left = new Set<string>();
  for (const job of jobs)
    for (const { key, first, last } of (job.target?.index ?? 0) === target ? (units.get(job.id) ?? []) : [])
      for (const { statement } of job.steps.slice(first, last + 1))
        (done.has(key) ? found : left).add(`${job.script ?? ''} ${statement.index}`);
  return new Set([...found].filter((statement) => !left.has(statement)));
}

/** What is done and rests, directly or not, on something that is to be done now and was not there before. */
export function doneBehindNew(
  plan: Plan,
  units: JobUnits,
  { done, planned }: { readonly done: ReadonlySet<string>; readonly planned: ReadonlySet<string> },
): readonly { readonly job: Job; readonly changed: Job }[] {
  const isNew = (id: number): boolean =>
    (units.get(id) ?? []).some(({ key }) => !planned.has(key) && !done.has(key));
  const isDone = (id: number): boolean => (units.get(id) ?? []).some(({ key }) => done.has(key));
  const causes = new Map<number, Job>();
  const found: { job: Job; changed: Job }[] = [];
  const incoming = predecessors(plan);
  for (const id of topologicalOrder(plan)) {
    const job = plan.jobs[id];
    if (job === undefined) continue;
    const cause = incoming
      .of(id)
      .map(({ from }) => causes.get(from))
      .find((changed) => changed !== undefined);
    if (cause !== undefined && isDone(id)) found.push({ job, changed: cause });
    const own = cause ?? (isNew(id) ? job : undefined);
    if (own !== undefined) causes.set(id, own);
  }
  return found;
}
