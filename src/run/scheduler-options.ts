import type { Job } from '../model/job.js';
import type { RunEvent, RunStatus } from '../model/event.js';
import type { Claims, Clock, Executor, Pieces, Replanner } from './ports.js';
import type { ServerCoresOptions } from './server-cores.js';

/** What the scheduler is told, and what it needs from outside. */
export interface SchedulerOptions {
  /** Of each target. */
  readonly connections: number;
  /** Connections are numbered through the targets, so many for each; default: as many as there are. */
  readonly connectionsPerTarget?: number;
  /** Databases that the run goes to; default 1. */
  readonly targets?: number;
  /** Of all targets together; default: no limit. */
  readonly maxConnections?: number | undefined;
  /** After a failure, run everything that does not need the failed job. */
  readonly keepGoing: boolean;
  /** After a failure, let running jobs finish, or cancel them on the server. */
  readonly onError: 'finish' | 'cancel';
  /** Undefined: the server's own parallel workers are not its business. */
  readonly serverCores?: ServerCoresOptions;
  /** For tests: a seed. Of the ready jobs any is taken instead of the most urgent, to show up a missing edge. */
  readonly shuffle?: number | undefined;
}

export interface SchedulerPorts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly emit: (event: RunEvent) => void;
  /** Undefined: the plan's edges behind an opaque barrier are kept as they are. */
  readonly replan?: Replanner | undefined;
  /** Whether edges behind a job are found anew; default: as the plan says. What is opaque may change with every replan. */
  readonly isOpaque?: ((job: Job) => boolean) | undefined;
  /** Other pqruns work on the run, too. */
  readonly claims?: Claims | undefined;
  /** Needed where the plan has places for pieces of tables. */
  readonly pieces?: Pieces | undefined;
}

/** Whoever waits for the end of a run. */
export interface Settled {
  readonly resolve: (status: RunStatus) => void;
  readonly reject: (error: Error) => void;
}
