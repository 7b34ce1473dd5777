import type { Diagnostic } from '../model/diagnostic.js';
import type { JobSkipped } from '../model/event.js';
import { jobAt, targetName, type Job } from '../model/job.js';
import { startEvent } from './outcome-events.js';
import type { Statement } from '../model/script.js';
import type { FailedElsewhere } from './ports.js';
import type { SchedulerPorts } from './scheduler-options.js';

/** What the scheduler says beside how jobs end: one event each, at the time of the clock. */
export class Teller {
  readonly #ports: Pick<SchedulerPorts, 'clock' | 'emit'>;
  readonly #jobs: readonly Job[];

  /** Statements split over a table's rows that have been skipped, the rest of them at least. */
  readonly #skipped = new Set<Statement>();

  constructor(ports: Pick<SchedulerPorts, 'clock' | 'emit'>, jobs: readonly Job[]) {
    this.#ports = ports;
    this.#jobs = jobs;
  }

  started(job: Job, on: { readonly connection: number; readonly parallelWorkers: number | undefined }): void {
    this.#ports.emit(startEvent(job, { at: this.#now, ...on }));
  }

  skipped(
    id: number,
    why: { readonly reason: JobSkipped['reason']; readonly cause?: number | undefined },
  ): void {
    const job = jobAt(this.#jobs, id);
    // How many pieces there would have been, nobody knows: the first place stands for all that is left of the split.
    const split = job.piece?.unit === 'chunk' ? job.steps[0]?.statement : undefined;
    if (split !== undefined && this.#skipped.has(split)) {
      this.unneeded(job);
      return;
    }
    if (split !== undefined) this.#skipped.add(split);
    const told = { job: job.id, name: job.name, ...targetName(job), weight: job.weight };
    const { reason, cause } = why;
    const because = cause === undefined ? { reason } : { reason, cause };
    this.#ports.emit({ type: 'job-skipped', at: this.#now, ...told, ...because });
  }

  /** A piece of a split for which no rows are left. */
  unneeded(job: Job): void {
    const told = { job: job.id, name: job.name, ...targetName(job), weight: job.weight };
    this.#ports.emit({ type: 'job-unneeded', at: this.#now, ...told });
  }

  doneElsewhere(job: Job): void {
    const told = { job: job.id, name: job.name, ...targetName(job), weight: job.weight };
    this.#ports.emit({ type: 'job-done-elsewhere', at: this.#now, ...told });
  }

  /** It counts as skipped here: whoever tried it tells more. */
  failedElsewhere(job: Job, { by, message: cause }: FailedElsewhere): void {
    const place = job.steps[0]?.place;
    const message = `${job.name} failed in ${by}: ${cause}`;
    this.tell({ severity: 'error', message, ...(place === undefined ? {} : { place }) });
    this.skipped(job.id, { reason: 'elsewhere' });
  }

  cancelling(reason: string): void {
    this.#ports.emit({ type: 'run-cancelling', at: this.#now, reason });
  }

  uncancelled(cause: string): void {
    this.warn(`could not cancel running statements: ${cause}`);
  }

  draining(reason: string): void {
    this.#ports.emit({ type: 'run-draining', at: this.#now, reason });
  }

  unreadable(barrier: Job, cause: string): void {
    this.tell({
      severity: 'error',
      message: `the catalog could not be read again after ${barrier.name}: ${cause}`,
      hint: 'what may overlap behind it is not known, so nothing behind it was run',
    });
  }

  unshared(cause: string): void {
    this.tell({
      severity: 'error',
      message: `what the other pqruns of the run do cannot be known any more: ${cause}`,
      hint: 'what was begun is finished; start this pqrun again, and it joins the others',
    });
  }

  warn(message: string): void {
    this.tell({ severity: 'warning', message });
  }

  tell(diagnostic: Diagnostic): void {
    this.#ports.emit({ type: 'warning', at: this.#now, diagnostic });
  }

  get #now(): number {
    return this.#ports.clock.now();
  }
}
