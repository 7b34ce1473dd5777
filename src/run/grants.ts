import type { Job } from '../model/job.js';
import type { JobStates } from './job-states.js';
import type { SchedulerOptions } from './scheduler-options.js';
import { ServerCores } from './server-cores.js';

/** Grants jobs the server's parallel workers, where that is pqrun's business: server-cores.ts, told what the scheduler knows. */
export class Grants {
  readonly #cores: ServerCores | undefined;
  readonly #states: JobStates;
  /** The most jobs that run at the same time. */
  readonly #connections: number;

  constructor(states: JobStates, { serverCores, ...options }: SchedulerOptions) {
    const { connections, targets = 1, maxConnections = Infinity } = options;
    this.#cores = serverCores && new ServerCores(serverCores);
    this.#states = states;
    this.#connections = Math.min(targets * connections, maxConnections);
  }

  /** Undefined: what the server thinks right. */
  grant(batch: readonly Job[], connection: number): number | undefined {
    const [first] = batch;
    if (first === undefined) return undefined;
    const states = this.#states;
    return this.#cores?.grant(batch, connection, {
      connections: this.#connections,
      ready: states.count('ready'),
      weightBeside: () => states.weightLeft - states.weightBehind(first.id),
    });
  }

  release(connection: number): void {
    this.#cores?.release(connection);
  }
}
