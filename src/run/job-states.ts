import { isGate, type Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';
import { indegrees, remainingPaths, successors, updatePaths } from '../plan/graph.js';
import { ReadyQueue } from './ready-queue.js';
import { shuffledPriorities } from './shuffle.js';

/**
 * The state of every job of a run. All changes go through this one door, which keeps the states, the counts and the
 * queue of ready jobs together.
 *
 *     waiting ──▶ ready ──▶ running ──▶ done
 *      ▲ ▼ │        │        ▲ └──────▶ failed
 *     queued ────────────────┘
 *          └────────┴──▶ skipped
 *
 * A job becomes ready when everything before it has ended, however it ended. It is skipped instead when something it
 * `needs` failed or was skipped; even then it waits for its predecessors first, because what comes behind it in the
 * written order must not overtake what comes before it. Gates are passed the moment they are reached.
 *
 * A running job that was not begun after all is ready again.
 *
 * A job that waits for running jobs of one connection only may be queued behind them there (chains.ts): it is then running
 * once that connection has begun it, or it is put back.
 *
 * Jobs of a run over several targets are ready each in the queue of its target.
 *
 * The edges behind a barrier can be replaced while it runs (`replaceEdges`), because until it has ended nothing behind it
 * is ready.
 *
 * It knows nothing of connections, of time, or of why the run goes on or stops.
 */
export type JobState = 'waiting' | 'queued' | 'ready' | 'running' | 'done' | 'failed' | 'skipped';

export interface SkippedJob {
  readonly job: number;
  /** The failed job at the root. */
  readonly cause: number;
}

export class JobStates {
  readonly #plan: Plan;
  /** Edges leaving each job. */
  readonly #out: Edge[][];
  /** Predecessors that have not ended, by job. */
  readonly #open: Uint32Array;
  readonly #state: JobState[];
  /** The failed job that keeps a job from running, by job. */
  readonly #doom = new Map<number, number>();
  /** By job; the queues of ready jobs look at them. */
  readonly #priorities: Float64Array;
  readonly #isShuffled: boolean;
  /** By target. */
  readonly #ready: readonly ReadyQueue[];
  /** Jobs that have not ended, without gates, by target. */
  readonly #left: number[];
  readonly #counts: Record<JobState, number>;
  #weightLeft: number;

  /** `shuffle`: a seed, by which ready jobs are urgent; else the longest remaining path is. */
  constructor(plan: Plan, shuffle?: number) {
    this.#plan = plan;
    const out = successors(plan);
    this.#out = plan.jobs.map(({ id }) => [...out.of(id)]);
    this.#open = indegrees(plan);
    this.#state = plan.jobs.map(() => 'waiting');
    const targets = 1 + plan.jobs.reduce((last, job) => Math.max(last, targetOf(job)), 0);
    const paths = remainingPaths(plan);
    this.#isShuffled = shuffle !== undefined;
    this.#priorities = shuffle === undefined ? paths : shuffledPriorities(plan.jobs.length, shuffle);
    this.#ready = Array.from({ length: targets }, () => new ReadyQueue(this.#priorities));
    this.#left = Array.from({ length: targets }, () => 0);
    for (const job of plan.jobs) this.#count(job, 1);
    const none = { queued: 0, ready: 0, running: 0, done: 0, failed: 0, skipped: 0 };
    this.#counts = { waiting: plan.jobs.length, ...none };
    this.#weightLeft = plan.jobs.reduce((sum, job) => sum + job.weight, 0);
    const entries = plan.jobs.filter((job) => this.#open[job.id] === 0).map((job) => job.id);
    this.#passOn(entries.filter((job) => !this.#reach(job)));
  }

  count(state: JobState): number {
    return this.#counts[state];
  }

  /** The weights of all jobs that wait or are ready. */
  get weightLeft(): number {
    return this.#weightLeft;
  }

  /** The weights of the jobs that wait for a job, directly or not; of a great many only some are counted. */
  weightBehind(job: number): number {
    const found = new Set([job]);
    let weight = 0;
    // The set grows while it is walked.
    for (const from of found) {
      if (found.size > MOST_COUNTED) break;
      for (const { to } of this.#out[from] ?? []) {
        if (found.has(to) || this.#state[to] !== 'waiting') continue;
        found.add(to);
        weight += this.#plan.jobs[to]?.weight ?? 0;
      }
    }
    return weight;
  }

  /** Ready jobs of a target. */
  ready(target: number): number {
    return this.#ready[target]?.size ?? 0;
  }

  /** Jobs of a target that have not ended. */
  left(target: number): number {
    return this.#left[target] ?? 0;
  }

  /** The most urgent ready job of a target, now running; undefined when none is ready. */
  take(target: number): number | undefined {
    const job = this.#ready[target]?.pop();
    if (job !== undefined) this.#move(job, 'running');
    return job;
  }

  /** The one that `take` would take. */
  next(target: number): number | undefined {
    return this.#ready[target]?.first;
  }

  /** The jobs that wait for a job, once for each edge between them. */
  followers(job: number): readonly number[] {
    return (this.#out[job] ?? []).map(({ to }) => to);
  }

  /** It waits for the ends of so many edges and no others, and will run. */
  waitsOnlyFor(job: number, edges: number): boolean {
    const isWaiting = this.#state[job] === 'waiting' && this.#open[job] === edges;
    return isWaiting && !this.#doom.has(job) && !this.#isGate(job);
  }

  isMoreUrgent(job: number, other: number): boolean {
    const [own, its] = [this.#priorities[job] ?? 0, this.#priorities[other] ?? 0];
    return own > its || (own === its && job < other);
  }

  /** A waiting job goes to a connection behind those that it waits for. */
  queue(job: number): void {
    this.#move(job, 'queued');
  }

  /** All before it have ended, and its connection has begun it. */
  begin(queued: number): void {
    this.#move(queued, 'running');
  }

  /** Its connection will not begin it; what it waits for has not ended yet. */
  putBack(queued: number): void {
    this.#move(queued, 'waiting');
  }

  /** Running jobs were not begun after all: they are ready again. */
  giveBack(jobs: readonly Job[]): void {
    for (const { id } of jobs) {
      this.#move(id, 'ready');
      this.#ready[this.#targetOf(id)]?.push(id);
    }
  }

  /** A running job has ended. Returns the jobs that are skipped because of it. */
  end(job: number, state: 'done' | 'failed'): readonly SkippedJob[] {
    this.#move(job, state);
    if (state === 'failed') this.#doom.set(job, job);
    return this.#passOn([job]);
  }

  /**
   * While a barrier runs: these edges take the place of all that lead to or from the jobs behind it. Those that nothing
   * precedes then wait for the barrier alone. What was lost by the old edges (`needs` on a job that failed) stays lost, and
   * so is what needs the barrier itself, if it fails.
   */
  replaceEdges(barrier: number, edges: readonly Edge[]): void {
    const behind = this.#behind(barrier);
    const needing = (this.#out[barrier] ?? []).filter(({ kind, to }) => kind === 'needs' && to > barrier);
    for (const job of behind) {
      this.#out[job] = [];
      this.#open[job] = 0;
    }
    const own = new Set(behind);
    this.#out[barrier] = [];
    for (const edge of [...needing, ...edges]) {
      if (!own.has(edge.to))
        throw new Error(
          `an edge from ${edge.from} to ${edge.to}, which is not behind the barrier ${barrier}`,
        );
      if (own.has(edge.from) || edge.from === barrier) this.#lead(edge);
      else this.#carryFailure(edge);
    }
    for (const to of behind)
      if (this.#open[to] === 0) this.#lead({ from: barrier, to, kind: 'order', reason: 'barrier' });
    this.#updatePriorities(barrier, behind.length);
  }

  #lead(edge: Edge): void {
    this.#out[edge.from]?.push(edge);
    this.#open[edge.to] = (this.#open[edge.to] ?? 0) + 1;
  }

  /** The jobs of its target that wait behind a barrier. Gates that all lead there from before it may have been passed. */
  #behind(barrier: number): readonly number[] {
    const target = this.#targetOf(barrier);
    const behind: number[] = [];
    for (let id = barrier + 1; id < this.#state.length; id++) {
      if (this.#targetOf(id) !== target) continue;
      if (this.#state[id] === 'waiting') behind.push(id);
      else if (!this.#isGate(id))
        throw new Error(`job ${id} is behind the barrier ${barrier}, and has begun`);
    }
    return behind;
  }

  /** An edge from a job that has ended is not waited for. */
  #carryFailure({ from, to, kind }: Edge): void {
    if (!ENDED.has(this.#state[from] ?? 'waiting'))
      throw new Error(`an edge from ${from} to ${to} past a barrier`);
    const cause = this.#doom.get(from);
    if (cause !== undefined && kind === 'needs') this.#doom.set(to, cause);
  }

  #updatePriorities(barrier: number, behind: number): void {
    const { jobs } = this.#plan;
    const priorities = this.#isShuffled ? this.#priorities.slice() : this.#priorities;
    const reached = updatePaths(priorities, barrier, {
      jobs,
      out: { of: (job) => this.#out[job] ?? [] },
      open: this.#open,
    });
    if (reached <= behind) throw new Error('the new edges have a cycle');
  }

  /**
   * Nothing new starts any more, or nothing on one target: everything that waits or is ready is skipped. Gates are not told.
   */
  skipRest(target?: number): readonly number[] {
    const rest = this.#plan.jobs.filter((job) => {
      const state = this.#state[job.id];
      return (target === undefined || targetOf(job) === target) && (state === 'waiting' || state === 'ready');
    });
    for (const job of rest) this.#move(job.id, 'skipped');
    for (const [index, queue] of this.#ready.entries())
      while ((target ?? index) === index && queue.pop() !== undefined) continue;
    return rest.filter((job) => !isGate(job)).map((job) => job.id);
  }

  /** Tells the successors of ended jobs, through gates and skipped jobs as far as it goes. */
  #passOn(ended: number[]): readonly SkippedJob[] {
    const skipped: SkippedJob[] = [];
    for (let job = ended.pop(); job !== undefined; job = ended.pop()) {
      const cause = this.#doom.get(job);
      for (const edge of this.#out[job] ?? []) {
        if (cause !== undefined && edge.kind === 'needs') this.#doom.set(edge.to, cause);
        const open = (this.#open[edge.to] ?? 0) - 1;
        this.#open[edge.to] = open;
        if (open > 0 || this.#reach(edge.to)) continue;
        ended.push(edge.to);
        const doom = this.#doom.get(edge.to);
        if (doom !== undefined && !this.#isGate(edge.to)) skipped.push({ job: edge.to, cause: doom });
      }
    }
    return skipped;
  }

  /** All predecessors of a job have ended. True: it can start; false: it has ended there and then. */
  #reach(job: number): boolean {
    if (this.#state[job] === 'queued') return true;
    const doomed = this.#doom.has(job);
    const passes = doomed || this.#isGate(job);
    this.#move(job, doomed ? 'skipped' : passes ? 'done' : 'ready');
    if (!passes) this.#ready[this.#targetOf(job)]?.push(job);
    return !passes;
  }

  #isGate(job: number): boolean {
    const found = this.#plan.jobs[job];
    return found !== undefined && isGate(found);
  }

  #targetOf(job: number): number {
    const found = this.#plan.jobs[job];
    return found === undefined ? 0 : targetOf(found);
  }

  #move(job: number, to: JobState): void {
    const from = this.#state[job];
    if (from === undefined) throw new RangeError(`no job ${job}`);
    this.#counts[from]--;
    this.#counts[to]++;
    this.#state[job] = to;
    const moved = this.#plan.jobs[job];
    if (moved === undefined) return;
    if (ENDED.has(to)) this.#count(moved, -1);
    if (LEFT.has(from) && !LEFT.has(to)) this.#weightLeft -= moved.weight;
    if (!LEFT.has(from) && LEFT.has(to)) this.#weightLeft += moved.weight;
  }

  #count(job: Job, change: number): void {
    const target = targetOf(job);
    if (!isGate(job)) this.#left[target] = (this.#left[target] ?? 0) + change;
  }
}

const MOST_COUNTED = 500;

const ENDED: ReadonlySet<JobState> = new Set(['done', 'failed', 'skipped']);
/** Nobody has begun with them, or promised to. */
const LEFT: ReadonlySet<JobState> = new Set(['waiting', 'ready']);

function targetOf({ target }: Job): number {
  return target?.index ?? 0;
}
