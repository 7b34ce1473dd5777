import type { SchedulerPorts } from './scheduler-options.js';

/** Why nothing new may start for a while: the database asks for it, or it would go too fast. */
export type PauseCause = 'asked' | 'rate';

/** Whether nothing new may start for a while, not even within chains, and since when; told when it changes. */
export class Pause {
  readonly #ports: Pick<SchedulerPorts, 'clock' | 'emit' | 'executor'>;
  readonly #causes = new Set<PauseCause>();
  /** When it was told of. */
  #since: number | undefined;

  constructor(ports: Pick<SchedulerPorts, 'clock' | 'emit' | 'executor'>) {
    this.#ports = ports;
  }

  get isOn(): boolean {
    return this.#causes.size > 0;
  }

  /** Without a reason it is too short to be told of. */
  begin(cause: PauseCause, reason: string | undefined): void {
    this.#causes.add(cause);
    this.#ports.executor.setChaining(false);
    if (this.#since !== undefined || reason === undefined) return;
    this.#since = this.#ports.clock.now();
    this.#ports.emit({ type: 'run-paused', at: this.#since, reason });
  }

  /** Without a cause: whatever it is. True: it was on, and is not any more. */
  end(cause?: PauseCause): boolean {
    if (!this.isOn) return false;
    if (cause === undefined) this.#causes.clear();
    else this.#causes.delete(cause);
    if (this.#causes.size > 0) return false;
    this.#ports.executor.setChaining(true);
    if (this.#since !== undefined) {
      const at = this.#ports.clock.now();
      this.#ports.emit({ type: 'run-resumed', at, paused: at - this.#since });
      this.#since = undefined;
    }
    return true;
  }
}
