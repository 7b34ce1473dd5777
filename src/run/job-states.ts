import { isGate } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';
import { indegrees, remainingPaths, successors } from '../plan/graph.js';
import { ReadyQueue } from './ready-queue.js';

/**
 * The state of every job of a run. All changes go through this one door, which keeps the states, the counts and the
 * queue of ready jobs together.
 *
 *     waiting ──▶ ready ──▶ running ──▶ done
 *        │          │          └──────▶ failed
 *        └──────────┴──▶ skipped
 *
 * A job becomes ready when everything before it has ended, however it ended. It is skipped instead when something it
 * `needs` failed or was skipped; even then it waits for its predecessors first, because what comes behind it in the
 * written order must not overtake what comes before it. Gates are passed the moment they are reached.
 *
 * It knows nothing of connections, of time, or of why the run goes on or stops.
 */
export type JobState = 'waiting' | 'ready' | 'running' | 'done' | 'failed' | 'skipped';

export interface SkippedJob {
  readonly job: number;
  /** The failed job at the root. */
  readonly cause: number;
}

export class JobStates {
  readonly #plan: Plan;
  readonly #out: readonly (readonly Edge[])[];
  /** Predecessors that have not ended, by job. */
  readonly #open: Uint32Array;
  readonly #state: JobState[];
  /** The failed job that keeps a job from running, by job. */
  readonly #doom = new Map<number, number>();
  readonly #ready: ReadyQueue;
  readonly #counts: Record<JobState, number>;
  #weightLeft: number;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#out = successors(plan);
    this.#open = indegrees(plan);
    this.#state = plan.jobs.map(() => 'waiting');
    this.#ready = new ReadyQueue(remainingPaths(plan));
    this.#counts = { waiting: plan.jobs.length, ready: 0, running: 0, done: 0, failed: 0, skipped: 0 };
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

  /** The most urgent ready job, now running; undefined when none is ready. */
  take(): number | undefined {
    const job = this.#ready.pop();
    if (job !== undefined) this.#move(job, 'running');
    return job;
  }

  /** The one that `take` would take. */
  get next(): number | undefined {
    return this.#ready.first;
  }

  /** A running job has ended. Returns the jobs that are skipped because of it. */
  end(job: number, state: 'done' | 'failed'): readonly SkippedJob[] {
    this.#move(job, state);
    if (state === 'failed') this.#doom.set(job, job);
    return this.#passOn([job]);
  }

  /** Nothing new starts any more: everything that waits or is ready is skipped. Gates are not told. */
  skipRest(): readonly number[] {
    const rest = this.#plan.jobs.filter(({ id }) => {
      const state = this.#state[id];
      return state === 'waiting' || state === 'ready';
    });
    for (const job of rest) this.#move(job.id, 'skipped');
    while (this.#ready.pop() !== undefined) continue;
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
    const doomed = this.#doom.has(job);
    const passes = doomed || this.#isGate(job);
    this.#move(job, doomed ? 'skipped' : passes ? 'done' : 'ready');
    if (!passes) this.#ready.push(job);
    return !passes;
  }

  #isGate(job: number): boolean {
    const found = this.#plan.jobs[job];
    return found !== undefined && isGate(found);
  }

  #move(job: number, to: JobState): void {
    const from = this.#state[job];
    if (from === undefined) throw new RangeError(`no job ${job}`);
    this.#counts[from]--;
    this.#counts[to]++;
    this.#state[job] = to;
    if (to !== 'ready' && (from === 'waiting' || from === 'ready'))
      this.#weightLeft -= this.#plan.jobs[job]?.weight ?? 0;
  }
}
