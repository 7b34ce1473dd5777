import type { RunStatus } from '../model/event.js';
import type { Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Plan } from '../model/plan.js';
import { Batches } from './batches.js';
import { Grants } from './grants.js';
import type { Lane, Used } from './lane.js';
import { Lanes } from './lanes.js';
import { untoldOutcome, errorOf, isCancellation, isFatal, isUnreachable, wordsOf } from './job-failures.js';
import { tellOutcome } from './outcome-events.js';
import { JobStates } from './job-states.js';
import { Pause, type PauseCause } from './pause.js';
import { Replans, type Ending, type EndState, type Replanned } from './replans.js';
import type { Elsewhere } from './ports.js';
import type { SchedulerOptions, SchedulerPorts, Settled } from './scheduler-options.js';
import { chainEnd, outcomesOf } from './sending.js';
import { Taking, type Taken } from './taking.js';
import { Teller } from './teller.js';

/**
 * Runs a plan: whenever a connection is free, the most urgent ready job (longest remaining path first) goes to it.
 *
 * Each target has connections of its own (lane.ts), and jobs of its own. Where there may not be as many connections as the
 * targets would like, those of a target that is done are closed, and make room for the next one's.
 *
 * Small independent jobs go to a connection several at a time (batches.ts), and so do jobs that wait for each other
 * (chains.ts), of which each begins when the one before has ended.
 *
 * Invariants: a job starts only after all its predecessors have ended; a connection has one job, batch or chain; every job
 * of the plan ends in exactly one job-finished, job-failed or job-skipped event. When nothing runs, nothing is ready
 * and jobs are left over, that is a bug and said loudly, never a silent end.
 *
 * What is behind an opaque barrier waits until its edges have been found anew (replans.ts). What is to be settled about jobs
 * before they start is settled in taking.ts.
 *
 * It knows no server and no thread: jobs go to an Executor, time comes from a Clock, facts leave as events.
 */
export class Scheduler {
  readonly #ports: SchedulerPorts;
  readonly #options: SchedulerOptions;
  readonly #states: JobStates;
  readonly #batches: Batches;
  readonly #lanes: Lanes;
  readonly #grants: Grants;
  readonly #replans: Replans;
  readonly #teller: Teller;
  readonly #pause: Pause;
  readonly #taking: Taking;
  #settled: Settled | undefined;
  #stopping: { readonly cause?: number } | undefined;
  #endsAs: RunStatus | undefined;

  constructor(plan: Plan, ports: SchedulerPorts, options: SchedulerOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#states = new JobStates(plan, options.shuffle);
    this.#replans = new Replans(ports, options);
    this.#batches = new Batches(plan.jobs, this.#states, (job) => this.#replans.mayBeWanted(job));
    this.#teller = new Teller(ports, plan.jobs);
    this.#pause = new Pause(ports);
    this.#taking = new Taking(ports, {
      heard: (job, elsewhere) => this.#heard(job, elsewhere),
      broken: (message) => this.#broken(message),
    });
    this.#grants = new Grants(this.#states, options);
    this.#lanes = new Lanes(ports.executor, options, {
      opened: (connection, lane, fault) => this.#opened(connection, lane, fault),
      closed: () => this.#step(),
    });
  }

  /** Runs the plan to its end. Call it once. */
  run(): Promise<RunStatus> {
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
      this.#step();
    });
  }

  /** Nothing new starts, what runs is cancelled on the server, or waited for; `run` then ends as `interrupted`. */
  interrupt(reason: string, running: 'cancel' | 'drain' = 'cancel'): void {
    this.#endsAs = 'interrupted';
    this.#stop();
    if (running === 'cancel') this.#cancel(reason);
    else this.#teller.draining(reason);
    this.#step();
  }

  /** Nothing new starts until it is resumed; what runs goes on. */
  pause(cause: PauseCause, reason: string | undefined): void {
    if (this.#stopping === undefined) this.#pause.begin(cause, reason);
  }

  resume(cause: PauseCause): void {
    if (this.#stopping === undefined && this.#pause.end(cause)) this.#step();
  }

  /** What the run was for has been got: nothing new starts, what runs is cancelled; `run` then ends as `done`. */
  finishEarly(reason: string): void {
    this.#endsAs ??= 'done';
    this.#stop();
    this.#cancel(reason);
    this.#step();
  }

  #step(): void {
    // Nothing behind them will start.
    if (this.#stopping !== undefined) {
      for (const [barrier, state] of this.#replans.giveUp()) this.#endState(barrier, state);
      this.#states.giveBack(this.#taking.giveUp());
    }
    for (const lane of this.#lanes.all) this.#startIn(lane);
    if (this.#mayStart)
      for (const lane of this.#lanes.all) this.#lanes.openFor(lane, this.#states.ready(lane.target));
    if (this.#states.count('running') === 0 && !this.#lanes.areMoving) this.#settle();
  }

  #startIn(lane: Lane): void {
    while (this.#mayStart && lane.free.length > 0) {
      // Whether a login beside ALTER DATABASE … SET finds the old settings or the new ones, nobody could tell.
      if (lane.opening > 0 && this.#batches.isNextAlone(lane.target)) break;
      const batch = this.#batches.take(lane.target, this.#options.connections);
      if (batch.length === 0) break;
      this.#start(batch, lane);
    }
    if (this.#states.left(lane.target) === 0) this.#lanes.closeFree(lane);
  }

  get #mayStart(): boolean {
    return this.#stopping === undefined && !this.#pause.isOn;
  }

  #opened(connection: number, lane: Lane, fault: string | undefined): void {
    if (fault !== undefined) {
      this.#teller.warn(`connection ${connection + 1} could not be opened: ${fault}`);
      // With none at all the target is lost; else it goes on over those there are.
      if (lane.isUnreachable) this.#lose(lane);
    }
    this.#step();
  }

  /** The run is over, or goes on over the other targets. */
  #lose(lane: Lane, cause?: number): void {
    lane.isLost = true;
    if (this.#lanes.all.length === 1 || !this.#options.keepGoing) {
      this.#stop(cause);
      return;
    }
    for (const id of this.#states.skipRest(lane.target))
      this.#teller.skipped(id, { reason: 'dependency', cause });
  }

  #start(batch: readonly Job[], lane: Lane): void {
    const connection = lane.free.pop() ?? 0;
    const taking = this.#taking.take(batch);
    if (taking === undefined) this.#startOn(connection, batch, lane);
    else void taking.then((taken) => this.#taken(taken, connection, lane));
  }

  #taken({ own, unneeded, failed }: Taken, connection: number, lane: Lane): void {
    if (failed !== undefined) {
      const { job, error } = failed;
      this.#teller.started(job, { connection, parallelWorkers: undefined });
      this.#end([job], { connection, lane }, [untoldOutcome(job, connection, error)]);
    } else if (own.length > 0 && this.#stopping === undefined) this.#startOn(connection, own, lane);
    else {
      this.#taking.giveBack(own);
      this.#states.giveBack(own);
      for (const job of unneeded) {
        this.#teller.unneeded(job);
        this.#endState(job, 'done');
      }
      lane.free.push(connection);
      this.#step();
    }
  }

  #startOn(connection: number, batch: readonly Job[], lane: Lane): void {
    const on = { connection, lane, parallelWorkers: this.#grants.grant(batch, connection) };
    for (const job of batch) this.#teller.started(job, on);
    // Who takes over when one of several targets is lost is simpler to say where nothing is queued.
    const mayChain = batch.length === 1 && this.#lanes.all.length === 1 && !this.#taking.isShared;
    const chain = mayChain ? this.#batches.chainFrom(batch) : batch;
    if (chain.length > batch.length) this.#startChain(chain, on);
    else void outcomesOf(this.#ports.executor, batch, on).then((outcomes) => this.#end(batch, on, outcomes));
  }

  /** Its first job has started, the others are queued behind it. */
  #startChain(chain: readonly Job[], on: Used): void {
    const told = {
      ended: (job: Job, outcome: JobOutcome) => this.#endJob(job, outcome, on.lane),
      begun: (job: Job) => {
        this.#states.begin(job.id);
        this.#teller.started(job, on);
        this.#step();
      },
    };
    void chainEnd(this.#ports.executor, chain, { ...on, ...told }).then(({ last, rest, outcome }) => {
      for (const { id } of rest) this.#states.putBack(id);
      this.#end([last], on, [outcome]);
    });
  }

  #end(
    batch: readonly Job[],
    { connection, lane }: Pick<Used, 'connection' | 'lane'>,
    outcomes: readonly JobOutcome[],
  ): void {
    lane.free.push(connection);
    this.#grants.release(connection);
    const failed: (readonly [Job, JobOutcome])[] = [];
    for (const [index, job] of batch.entries()) {
      const outcome =
        outcomes[index] ?? untoldOutcome(job, connection, new Error('the executor told no outcome'));
      this.#endJob(job, outcome, lane);
      if (outcome.failures.length > 0) failed.push([job, outcome]);
    }
    for (const [job, outcome] of failed) this.#decide(job, outcome, lane);
    this.#step();
  }

  #endJob(job: Job, outcome: JobOutcome, lane: Lane): void {
    this.#batches.learn(job, outcome.duration);
    const failed = outcome.failures.length > 0;
    const cancelled = failed && this.#stopping !== undefined && outcome.failures.every(isCancellation);
    this.#taking.ended(job, outcome, cancelled);
    tellOutcome(job, outcome, { emit: this.#ports.emit, at: this.#ports.clock.now(), cancelled });
    const isReplanned = this.#replans.isWanted(job, outcome);
    this.#endAs(job, { state: failed ? 'failed' : 'done', lane, isReplanned });
  }

  #endAs(job: Job, { state, lane, isReplanned }: Ending): void {
    const isLast = this.#states.left(lane.target) === 1;
    if (isLast || this.#stopping !== undefined || !isReplanned) this.#endState(job, state);
    else
      void this.#replans
        .ask(job, state)
        .then((answer) => this.#replanned(job, { state, lane, answer }))
        .catch((error: unknown) => this.#settled?.reject(errorOf(error)));
  }

  /** What became of a job that could not be taken. */
  #heard(job: Job, elsewhere: Elsewhere): void {
    const lane = this.#lanes.all[job.target?.index ?? 0];
    if (elsewhere.end === 'free' || lane === undefined) this.#states.giveBack([job]);
    else if (elsewhere.end === 'done') {
      this.#teller.doneElsewhere(job);
      this.#endAs(job, { state: 'done', lane, isReplanned: this.#replans.mayBeWanted(job) });
    } else {
      this.#teller.failedElsewhere(job, elsewhere);
      this.#endState(job, 'failed');
      if (!this.#options.keepGoing) this.#stop(job.id);
    }
    this.#step();
  }

  #broken(message: string): void {
    this.#teller.unshared(message);
    for (const lane of this.#lanes.all) this.#lose(lane);
    this.#step();
  }

  #endState(job: Job, state: EndState): void {
    const skipped = this.#states.end(job.id, state);
    for (const { job: id, cause } of skipped) this.#teller.skipped(id, { reason: 'dependency', cause });
  }

  /** The edges behind an opaque barrier are known, or never will be. */
  #replanned(barrier: Job, { state, lane, answer }: Replanned): void {
    if (answer === undefined) return;
    if ('edges' in answer) {
      if (answer.edges !== undefined) this.#states.replaceEdges(barrier.id, answer.edges);
      this.#endState(barrier, state);
    } else {
      this.#teller.unreadable(barrier, wordsOf(answer.error));
      this.#endState(barrier, state);
      this.#lose(lane);
    }
    this.#step();
  }

  /** What a failure means for the rest of the run. */
  #decide(job: Job, outcome: JobOutcome, lane: Lane): void {
    const { keepGoing } = this.#options;
    if (this.#stopping !== undefined || (keepGoing && !isFatal(outcome))) return;
    if (isUnreachable(outcome) && keepGoing && this.#lanes.all.length > 1) {
      this.#lose(lane, job.id);
      return;
    }
    this.#stop(job.id);
    if (this.#options.onError === 'cancel' && this.#states.count('running') > 0)
      this.#cancel(`${job.name} failed`);
  }

  #stop(cause?: number): void {
    this.#stopping ??= cause === undefined ? {} : { cause };
    this.#ports.executor.setChaining(false);
  }

  #cancel(reason: string): void {
    this.#teller.cancelling(reason);
    this.#ports.executor.cancel().catch((error: unknown) => this.#teller.uncancelled(wordsOf(error)));
  }

  /** Nothing runs: the run is over, or has come to a stop, or there is a bug. */
  #settle(): void {
    const left = this.#states.count('waiting') + this.#states.count('ready');
    if (left > 0 && this.#stopping === undefined && this.#pause.isOn) return;
    this.#pause.end();
    if (left > 0 && this.#stopping === undefined) {
      this.#settled?.reject(new Error(`the scheduler is stuck: ${left} jobs left, none running`));
      return;
    }
    const { cause } = this.#stopping ?? {};
    for (const id of this.#states.skipRest()) this.#teller.skipped(id, { reason: 'stopped', cause });
    const failed = this.#states.count('failed') > 0 || this.#lanes.all.some(({ isLost }) => isLost);
    this.#settled?.resolve(this.#endsAs ?? (failed ? 'failed' : 'done'));
  }
}
