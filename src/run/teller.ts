import type { Diagnostic } from '../model/diagnostic.js';
import { targetName, type Job } from '../model/job.js';
import { startEvent } from './outcome-events.js';
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
    why: { readonly reason: 'dependency' | 'stopped'; readonly cause?: number | undefined },
  ): void {
    const told = { job: job.id, name: job.name, ...targetName(job), weight: job.weight };
    const { reason, cause } = why;
    const because = cause === undefined ? { reason } : { reason, cause };
    this.#ports.emit({ type: 'job-skipped', at: this.#now, ...told, ...because });
  }

  cancelling(reason: string): void {
    this.#ports.emit({ type: 'run-cancelling', at: this.#now, reason });
  }

  draining(reason: string): void {
    this.#ports.emit({ type: 'run-draining', at: this.#now, reason });
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
