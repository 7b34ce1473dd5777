import type { JobUnits } from '../plan/journal-units.js';
import type { WorkerSetting } from './parallel-workers.js';
import type { RunSnapshot } from './snapshot-import.js';

/** What a run finds out only when its threads are on their way: it goes with each job. */
export interface RunFacts {
  /** How a server is told what parallel workers a job may use. */
  readonly workerSettings: readonly WorkerSetting[];
  /** By target: what all its jobs read. */
  readonly snapshots: readonly RunSnapshot[];
  /** By target: see epoch.ts. */
  readonly epochs: readonly (string | undefined)[];
  /** With a journal: what of each job is recorded, by its id. */
  readonly units: JobUnits | undefined;
}
