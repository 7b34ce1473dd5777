import { isGate, type Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';
import { readScripts, statementCount } from '../plan/read-scripts.js';
import { formatCount, formatPlural } from './format.js';

/**
 * A plan for people: a line a job, and under it what it waits for and why. Pieces of a split and long lists of
 * predecessors are summed up; gates are looked through, because they are not the author's.
 */
export function planText(plan: Plan, connections: number): string {
  const incoming = predecessors(plan);
  const jobs = plan.jobs.filter((job) => !isGate(job));
  const lines = foldPieces(jobs).flatMap(({ first, jobs: group }) => [
    `${String(first.id).padStart(5)}  ${headline(first, group.length)}`,
    ...reasons(incoming.get(first.id) ?? []).map((reason) => `         ${reason}`),
  ]);
  const total = `${formatPlural(jobs.length, 'job')} of ${formatPlural(statementCount(plan), 'statement')} in ${formatPlural(readScripts(plan).length, 'script')}, over at most ${formatPlural(Math.min(connections, jobs.length), 'connection')}`;
  return `${[...lines, total].join('\n')}\n`;
}

/** The pieces of one split follow each other; they are shown as one. */
function foldPieces(jobs: readonly Job[]): readonly { readonly first: Job; readonly jobs: readonly Job[] }[] {
  const groups: Job[][] = [];
  for (const job of jobs) {
    if (job.piece !== undefined && job.piece.index > 0) groups.at(-1)?.push(job);
    else groups.push([job]);
  }
  return groups.flatMap((group) => (group[0] === undefined ? [] : [{ first: group[0], jobs: group }]));
}

function headline(job: Job, pieces: number): string {
  const { piece } = job;
  if (piece !== undefined) {
    const name = job.name.replace(/ \[\d+\/\d+\]$/, '');
    if (piece.unit === 'record') {
      if (piece.file === undefined) return `${name}  once a value: ${formatPlural(pieces, 'value')}`;
      return `${name}  once a record: ${formatPlural(pieces, 'record')} of ${piece.file}`;
    }
    if (piece.unit === 'lines') return `${name}  its data in ${formatPlural(pieces, 'piece')}`;
    return `${name}  split into ${formatPlural(pieces, 'piece')} of ${formatCount(piece.rows)} rows`;
  }
  if (job.live !== undefined)
    return `${job.name}  read while it runs, because what it does depends on its results`;
  const transaction = job.transaction === 'single' ? ', one transaction' : '';
  return `${job.name}  ${formatPlural(job.steps.length, 'statement')}${transaction}`;
}

interface Wait {
  readonly edge: Edge;
  readonly from: Job;
}

/** For each job the real jobs it waits for, found through gates. */
function predecessors(plan: Plan): ReadonlyMap<number, readonly Wait[]> {
  const direct = new Map<number, Edge[]>();
  for (const edge of plan.edges) {
    const list = direct.get(edge.to);
    if (list === undefined) direct.set(edge.to, [edge]);
    else list.push(edge);
  }
  const waits = (id: number): readonly Wait[] =>
    (direct.get(id) ?? []).flatMap((edge) => {
      const from = plan.jobs[edge.from];
      if (from === undefined) return [];
      return isGate(from) ? waits(from.id) : [{ edge, from }];
    });
  return new Map(plan.jobs.filter((job) => !isGate(job)).map((job) => [job.id, waits(job.id)]));
}

function reasons(waits: readonly Wait[]): readonly string[] {
  const byReason = new Map<string, Job[]>();
  for (const { edge, from } of waits) {
    const list = byReason.get(edge.reason);
    if (list === undefined) byReason.set(edge.reason, [from]);
    else list.push(from);
  }
  return [...byReason].map(([reason, from]) => {
    const names = [...new Set(from.map((job) => job.name.replace(/ \[\d+\/\d+\]$/, '')))];
    const shown = names.slice(0, 3).join(', ');
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return `after ${shown}${more} (${reason})`;
  });
}

/** The plan as data: jobs without their texts, and edges with their reasons. */
export function planJson(plan: Plan): string {
  const jobs = plan.jobs.map((job) => ({
    id: job.id,
    name: job.name,
    gate: isGate(job),
    statements: job.steps.map((step) => step.place),
    transaction: job.transaction,
    ...(job.piece === undefined ? {} : { piece: job.piece }),
    weight: job.weight,
  }));
  return `${JSON.stringify({ jobs, edges: plan.edges }, undefined, 2)}\n`;
}
