import { isGate, type Job } from '../../src/model/job.js';
import type { Edge, Plan } from '../../src/model/plan.js';
import type { Replanning } from '../../src/api/auto-order.js';
import { Random } from '../oracle/random.js';

/**
 * Walks a plan in an order of our choice among those that its edges allow. It is a scheduler that wants to do harm: with one
 * job at a time it shows a missing edge without any luck with times.
 *
 * - `latest`: of all ready jobs the one that was written last
 * - `any`: any
 * - `late`: any, but one job as late as its edges allow
 * - `early`: first all that one job waits for and the job itself
 * - `written`: as they are written
 */
export const STYLES = ['latest', 'any', 'late', 'early'] as const;
export type Style = (typeof STYLES)[number] | 'written';

export interface Walk {
  readonly style: Style;
  readonly seed: number;
  /** Jobs at a time. */
  readonly width: number;
}

export interface WalkedPlan {
  readonly plan: Plan;
  /** What is known behind an opaque barrier once it is done. */
  readonly replanning?: Replanning | undefined;
}

export interface Walked {
  readonly failure: string | undefined;
  /** The most jobs that ran, or could have run, at once. */
  readonly most: number;
  /** All of them, also those that were found on the way. */
  readonly edges: readonly Edge[];
}

export async function walkPlan(
  { plan, replanning }: WalkedPlan,
  walk: Walk,
  runJob: (job: Job) => Promise<string | undefined>,
): Promise<Walked> {
  const waiting = new Set(plan.jobs);
  const done = new Set<number>();
  const running = new Map<number, Promise<void>>();
  const priorities = prioritiesOf(plan, walk);
  let edges = plan.edges;
  let failure: string | undefined;
  let most = 0;
  const start = (job: Job): void => {
    waiting.delete(job);
    const ended = (isGate(job) ? Promise.resolve(undefined) : runJob(job)).then(async (fault) => {
      failure ??= fault;
      if (fault === undefined && replanning?.isOpaque(job) === true)
        edges = replaced(edges, { barrier: job.id, count: plan.jobs.length }, await replanning.replan(job));
      done.add(job.id);
      running.delete(job.id);
    });
    running.set(job.id, ended);
  };
  while (failure === undefined && waiting.size > 0) {
    const blocked = new Set(edges.filter(({ from }) => !done.has(from)).map(({ to }) => to));
    const ready = [...waiting].filter(({ id }) => !blocked.has(id));
    most = Math.max(most, ready.length + running.size);
    if (ready.length === 0 && running.size === 0) throw new Error('no job is ready');
    ready.sort((a, b) => (priorities[b.id] ?? 0) - (priorities[a.id] ?? 0));
    for (const job of ready.slice(0, walk.width - running.size)) start(job);
    await Promise.race(running.values());
  }
  await Promise.all(running.values());
  return { failure, most, edges };
}

function replaced(
  edges: readonly Edge[],
  { barrier, count }: { readonly barrier: number; readonly count: number },
  found: readonly Edge[] | undefined,
): readonly Edge[] {
  if (found === undefined) return edges;
  const behind = Array.from({ length: count - barrier - 1 }, (_, index): Edge => {
    return { from: barrier, to: barrier + 1 + index, kind: 'order', reason: 'barrier' };
  });
  return [...edges.filter(({ from, to }) => from <= barrier && to <= barrier), ...behind, ...found];
}

function prioritiesOf(plan: Plan, { style, seed }: Walk): readonly number[] {
  if (style === 'latest') return plan.jobs.map(({ id }) => id);
  if (style === 'written') return plan.jobs.map(({ id }) => -id);
  const random = new Random(seed);
  const priorities = plan.jobs.map(() => random.next());
  const one = random.between(0, Math.max(0, plan.jobs.length - 1));
  if (style === 'late') priorities[one] = -1;
  if (style === 'early') for (const id of before(plan, one)) priorities[id] = (priorities[id] ?? 0) + 1;
  return priorities;
}

/** The job, and all that it waits for. */
function before({ edges }: Plan, job: number): ReadonlySet<number> {
  const found = new Set([job]);
  // The list grows while it is walked.
  for (const id of found) for (const { from, to } of edges) if (to === id) found.add(from);
  return found;
}
