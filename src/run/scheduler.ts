import type { Diagnostic } from '../model/diagnostic.js';
import type { RunStatus } from '../model/event.js';
import { targetName, type Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Plan } from '../model/plan.js';
import { Batches } from './batches.js';
import { Lane } from './lane.js';
import { bugOutcome, errorOf, isCancellation, isFatal, isUnreachable, wordsOf } from './job-failures.js';
import { startEvent, tellOutcome } from './outcome-events.js';
import { JobStates } from './job-states.js';
import { Replans, type Answer, type EndState } from './replans.js';
import type { SchedulerOptions, SchedulerPorts } from './scheduler-options.js';
import { ServerCores } from './server-cores.js';

/**
 * Runs a plan: whenever a connection is free, the most urgent ready job (longest remaining path first) goes to it.
 *
 * Each target has connections of its own (lane.ts), and jobs of its own. Where there may not be as many connections as the
 * targets would like, those of a target that is done are closed, and make room for the next one's.
 *
 * Small independent jobs go to a connection several at a time (batches.ts).
 *
 * Invariants: a job starts only after all its predecessors have ended; a connection has one job, or one batch; every job
 * of the plan ends in exactly one job-finished, job-failed or job-skipped event. When nothing runs, nothing is ready
 * and jobs are left over, that is a bug and said loudly, never a silent end.
 *
 * What is behind an opaque barrier waits until its edges have been found anew (replans.ts).
 *
 * It knows no server and no thread: jobs go to an Executor, time comes from a Clock, facts leave as events.
 */
export class Scheduler {
  readonly #plan: Plan;
  readonly #ports: SchedulerPorts;
  readonly #options: SchedulerOptions;
  readonly #states: JobStates;
  readonly #batches: Batches;
  readonly #lanes: readonly Lane[];
  readonly #serverCores: ServerCores | undefined;
  readonly #replans: Replans;
  #settled:
    { readonly resolve: (status: RunStatus) => void; readonly reject: (error: Error) => void } | undefined;
  #stopping: { readonly cause?: number } | undefined;
  #interrupted = false;
  #hasEnough = false;

  constructor(plan: Plan, ports: SchedulerPorts, options: SchedulerOptions) {
    this.#plan = plan;
    this.#ports = ports;
    this.#options = options;
    this.#states = new JobStates(plan, options.shuffle);
    this.#batches = new Batches(plan.jobs, this.#states);
    this.#replans = new Replans(ports, options);
    this.#serverCores = options.serverCores && new ServerCores(options.serverCores);
    this.#lanes = Array.from(
      { length: options.targets ?? 1 },
      (_, target) =>
        new Lane(target, {
          first: target * (options.connectionsPerTarget ?? options.connections),
          count: options.connections,
        }),
    );
  }

  /** Runs the plan to its end. Call it once. */
  run(): Promise<RunStatus> {
    return new Promise((resolve, reject) => {
      this.#settled = { resolve, reject };
      this.#step();
    });
  }

  /** Nothing new starts, what runs is cancelled on the server; `run` then ends as `interrupted`. */
  interrupt(reason: string): void {
    this.#interrupted = true;
    this.#stopping ??= {};
    this.#cancel(reason);
    this.#step();
  }

  /** What the run was for has been got: nothing new starts, what runs is cancelled; `run` then ends as `done`. */
  finishEarly(reason: string): void {
    this.#hasEnough = true;
    this.#stopping ??= {};
    this.#cancel(reason);
    this.#step();
  }

  #step(): void {
    // Nothing behind them will start.
    if (this.#stopping !== undefined)
      for (const [barrier, state] of this.#replans.giveUp()) this.#endState(barrier, state);
    for (const lane of this.#lanes) this.#startIn(lane);
    for (const lane of this.#lanes) this.#openMore(lane);
    // What is being closed makes room for others.
    const isMoving = this.#lanes.some(({ opening, closing }) => opening > 0 || closing > 0);
    if (this.#states.count('running') === 0 && !isMoving) this.#settle();
  }

  #startIn(lane: Lane): void {
    while (this.#stopping === undefined && lane.free.length > 0) {
      // Whether a login beside ALTER DATABASE … SET finds the old settings or the new ones, nobody could tell.
      if (lane.opening > 0 && this.#batches.isNextAlone(lane.target)) break;
      const batch = this.#batches.take(lane.target, this.#options.connections);
      if (batch.length === 0) break;
      this.#start(batch, lane);
    }
    if (this.#states.left(lane.target) === 0) this.#closeFree(lane);
  }

  /** A connection is opened when a ready job finds none free. The job goes to whichever is free first. */
  #openMore(lane: Lane): void {
    while (this.#stopping === undefined && lane.opening < this.#states.ready(lane.target) && this.#hasRoom) {
      const connection = lane.unopened.shift();
      if (connection === undefined) return;
      lane.opening++;
      const opening = this.#ports.executor.open(connection).catch(wordsOf);
      void opening.then((fault) => this.#opened(connection, lane, fault));
    }
  }

  get #hasRoom(): boolean {
    const { maxConnections } = this.#options;
    if (maxConnections === undefined) return true;
    return this.#lanes.reduce((sum, { open, opening }) => sum + open + opening, 0) < maxConnections;
  }

  #opened(connection: number, lane: Lane, fault: string | undefined): void {
    lane.opening--;
    if (fault === undefined) {
      lane.free.push(connection);
      lane.open++;
    } else {
      this.#warn(`connection ${connection + 1} could not be opened: ${fault}`);
      // With none at all the target is lost; else it goes on over those there are.
      if (lane.isUnreachable) this.#lose(lane);
    }
    this.#step();
  }

  /** The run is over, or goes on over the other targets. */
  #lose(lane: Lane, cause?: number): void {
    lane.isLost = true;
    if (this.#lanes.length === 1 || !this.#options.keepGoing) {
      this.#stopping ??= cause === undefined ? {} : { cause };
      return;
    }
    for (const id of this.#states.skipRest(lane.target))
      this.#skip(id, { reason: 'dependency', ...(cause === undefined ? {} : { cause }) });
  }

  /** The target is done, and others may wait for the room. */
  #closeFree(lane: Lane): void {
    if (this.#options.maxConnections === undefined) return;
    for (const connection of lane.free.splice(0)) {
      lane.closing++;
      const closing = this.#ports.executor.close(connection).catch(wordsOf);
      void closing.then(() => this.#closed(lane));
    }
  }

  #closed(lane: Lane): void {
    lane.closing--;
    lane.open--;
    this.#step();
  }

  #start(batch: readonly Job[], lane: Lane): void {
    const connection = lane.free.pop() ?? 0;
    const { executor, clock, emit } = this.#ports;
    const at = clock.now();
    const parallelWorkers = this.#grant(batch, connection);
    for (const job of batch) emit(startEvent(job, { at, connection, parallelWorkers }));
    const [first, second] = batch;
    const ends =
      first !== undefined && second === undefined
        ? executor.execute(first, connection, parallelWorkers).then((outcome) => [outcome])
        : executor.executeBatch(batch, connection, parallelWorkers);
    ends.then(
      (outcomes) => this.#end(batch, { connection, lane }, outcomes),
      (error: unknown) =>
        this.#end(
          batch,
          { connection, lane },
          batch.map((job) => bugOutcome(job, connection, error)),
        ),
    );
  }

  #grant(batch: readonly Job[], connection: number): number | undefined {
    const { connections, targets = 1, maxConnections = Infinity } = this.#options;
    const { weightLeft } = this.#states;
    return this.#serverCores?.grant(batch, connection, {
      connections: Math.min(targets * connections, maxConnections),
      ready: this.#states.count('ready'),
      weightLeft,
    });
  }

  #end(batch: readonly Job[], { connection, lane }: Used, outcomes: readonly JobOutcome[]): void {
    lane.free.push(connection);
    this.#serverCores?.release(connection);
    const failed: (readonly [Job, JobOutcome])[] = [];
    for (const [index, job] of batch.entries()) {
      const outcome =
        outcomes[index] ?? bugOutcome(job, connection, new Error('the executor told no outcome'));
      this.#batches.learn(job, outcome.duration);
      this.#endJob(job, outcome, lane);
      if (outcome.failures.length > 0) failed.push([job, outcome]);
    }
    for (const [job, outcome] of failed) this.#decide(job, outcome, lane);
    this.#step();
  }

  #endJob(job: Job, outcome: JobOutcome, lane: Lane): void {
    const failed = outcome.failures.length > 0;
    const cancelled = failed && this.#stopping !== undefined && outcome.failures.every(isCancellation);
    tellOutcome(job, outcome, { emit: this.#ports.emit, at: this.#ports.clock.now(), cancelled });
    const state = failed ? 'failed' : 'done';
    const isLast = this.#states.left(lane.target) === 1;
    if (isLast || this.#stopping !== undefined || !this.#replans.isWanted(job, outcome))
      this.#endState(job, state);
    else
      void this.#replans
        .ask(job, state)
        .then((answer) => this.#replanned(job, { state, lane, answer }))
        .catch((error: unknown) => this.#settled?.reject(errorOf(error)));
  }

  #endState(job: Job, state: EndState): void {
    const skipped = this.#states.end(job.id, state);
    for (const { job: id, cause } of skipped) this.#skip(id, { reason: 'dependency', cause });
  }

  /** The edges behind an opaque barrier are known, or never will be. */
  #replanned(barrier: Job, { state, lane, answer }: Replanned): void {
    if (answer === undefined) return;
    if ('edges' in answer) {
      this.#states.replaceEdges(barrier.id, answer.edges);
      this.#endState(barrier, state);
    } else {
      this.#tell({
        severity: 'error',
        message: `the catalog could not be read again after ${barrier.name}: ${wordsOf(answer.error)}`,
        hint: 'what may overlap behind it is not known, so nothing behind it was run',
      });
      this.#endState(barrier, state);
      this.#lose(lane);
    }
    this.#step();
  }

  /** What a failure means for the rest of the run. */
  #decide(job: Job, outcome: JobOutcome, lane: Lane): void {
    const { keepGoing } = this.#options;
    if (this.#stopping !== undefined || (keepGoing && !isFatal(outcome))) return;
    if (isUnreachable(outcome) && keepGoing && this.#lanes.length > 1) {
      this.#lose(lane, job.id);
      return;
    }
    this.#stopping = { cause: job.id };
    if (this.#options.onError === 'cancel' && this.#states.count('running') > 0)
      this.#cancel(`${job.name} failed`);
  }

  #cancel(reason: string): void {
    this.#ports.emit({ type: 'run-cancelling', at: this.#ports.clock.now(), reason });
    this.#ports.executor.cancel().catch((error: unknown) => {
      this.#warn(`could not cancel running statements: ${wordsOf(error)}`);
    });
  }

  /** Nothing runs: the run is over, or has come to a stop, or there is a bug. */
  #settle(): void {
    const left = this.#states.count('waiting') + this.#states.count('ready');
    if (left > 0 && this.#stopping === undefined) {
      this.#settled?.reject(new Error(`the scheduler is stuck: ${left} jobs left, none running`));
      return;
    }
    const { cause } = this.#stopping ?? {};
    for (const id of this.#states.skipRest()) {
      this.#skip(id, { reason: 'stopped', ...(cause === undefined ? {} : { cause }) });
    }
    const failed = this.#states.count('failed') > 0 || this.#lanes.some(({ isLost }) => isLost);
    const status = failed && !this.#hasEnough ? 'failed' : 'done';
    this.#settled?.resolve(this.#interrupted ? 'interrupted' : status);
  }

  #warn(message: string): void {
    this.#tell({ severity: 'warning', message });
  }

  #tell(diagnostic: Diagnostic): void {
    this.#ports.emit({ type: 'warning', at: this.#ports.clock.now(), diagnostic });
  }

  #skip(id: number, why: { readonly reason: 'dependency' | 'stopped'; readonly cause?: number }): void {
    const job = this.#job(id);
    const told = { job: id, name: job.name, ...targetName(job), weight: job.weight };
    this.#ports.emit({ type: 'job-skipped', at: this.#ports.clock.now(), ...told, ...why });
  }

  #job(id: number): Job {
    const job = this.#plan.jobs[id];
    if (job === undefined) throw new RangeError(`no job ${id}`);
    return job;
  }
}

interface Used {
  readonly connection: number;
  readonly lane: Lane;
}

interface Replanned {
  readonly state: EndState;
  readonly lane: Lane;
  /** Undefined: the run stopped meanwhile. */
  readonly answer: Answer | undefined;
}
