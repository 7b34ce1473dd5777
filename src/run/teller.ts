import type { Diagnostic } from '../model/diagnostic.js';
import type { JobSkipped } from '../model/event.js';
import { targetName, type Job } from '../model/job.js';
import { startEvent } from './outcome-events.js';
import type { FailedElsewhere } from './ports.js';
import type { SchedulerPorts } from './scheduler-options.js';

/** What the scheduler says beside how jobs end: one event each, at the time of the clock. */
export class Teller {
  readonly #ports: Pick<SchedulerPorts, 'clock' | 'emit'>;

  constructor(ports: Pick<SchedulerPorts, 'clock' | 'emit'>) {
    this.#ports = ports;
  }

  started(job: Job, on: { readonly connection: number; readonly parallelWorkers: number | undefined }): void {
    this.#ports.emit(startEvent(job, { at: this.#now, ...on }));
  }

  skipped(
    job: Job,
    why: { readonly reason: JobSkipped['reason']; readonly cause?: number | undefined },
  ): void {
    const told = { job: job.id, name: job.name, ...targetName(job), weight: job.weight };
    const { reason, cause } = why;
    const because = cause === undefined ? { reason } : { reason, cause };
    this.#ports.emit({ type: 'job-skipped', at: this.#now, ...told, ...because });
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
    this.skipped(job, { reason: 'elsewhere' });
  }

  cancelling(reason: string): void {
    this.#ports.emit({ type: 'run-cancelling', at: this.#now, reason });
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
