import type { SchedulerPorts } from './scheduler-options.js';

/** Whether nothing new may start for a while, and since when; told when it changes. */
export class Pause {
  readonly #ports: Pick<SchedulerPorts, 'clock' | 'emit'>;
  #since: number | undefined;

  constructor(ports: Pick<SchedulerPorts, 'clock' | 'emit'>) {
    this.#ports = ports;
  }

  get isOn(): boolean {
    return this.#since !== undefined;
  }

  begin(reason: string): void {
    if (this.isOn) return;
    this.#since = this.#ports.clock.now();
    this.#ports.emit({ type: 'run-paused', at: this.#since, reason });
  }

  /** True: it was on. */
  end(): boolean {
    if (this.#since === undefined) return false;
    const at = this.#ports.clock.now();
    this.#ports.emit({ type: 'run-resumed', at, paused: at - this.#since });
    this.#since = undefined;
    return true;
  }
}
