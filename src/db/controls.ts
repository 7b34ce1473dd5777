import type { CatalogRows } from '../model/catalog-rows.js';
import type { ConnectionFailure } from '../model/failure.js';
import type { CatalogWith } from './catalog/read-catalog.js';
import { ConnectionLost } from './connection-lost.js';
import { ControlConnection } from './control.js';
import type { Sight, Suspect } from './look.js';
import type { ConnectionSettings } from './settings/settings.js';
import type { SessionTarget } from './task.js';

/**
 * The control connections of a run: one a server and role, however many of its databases the run goes to, because
 * cancelling and flushing work for all databases of a server, and its free slots are shared by them.
 */
export class Controls {
  /** By target. */
  readonly #controls: readonly ControlConnection[];
  readonly #names: readonly (string | undefined)[];
  readonly #settings: readonly ConnectionSettings[];
  /** Catalogs that nobody has asked for yet, by target. */
  readonly #ahead = new Map<number, Promise<CatalogRows>>();

  constructor(targets: readonly Pick<SessionTarget, 'name' | 'settings'>[]) {
    this.#names = targets.map(({ name }) => name);
    this.#settings = targets.map(({ settings }) => settings);
    const databases = new Map<string, ConnectionSettings[]>();
    for (const { settings } of targets) {
      const known = databases.get(serverKey(settings));
      if (known === undefined) databases.set(serverKey(settings), [settings]);
      else if (!known.some(({ database }) => database === settings.database)) known.push(settings);
    }
    const known = new Map<string, ControlConnection>();
    this.#controls = targets.map(({ settings }) => {
      const key = serverKey(settings);
      const control = known.get(key) ?? new ControlConnection(databases.get(key) ?? [settings]);
      known.set(key, control);
      return control;
    });
  }

  /** Opens all. The failures, by target. */
  async open(): Promise<readonly (ConnectionFailure | undefined)[]> {
    const controls = this.#distinct;
    const failures = await Promise.all(controls.map((control) => control.open()));
    return this.#controls.map((control) => failures[controls.indexOf(control)]);
  }

  /** Where all targets are on one server. */
  get only(): ControlConnection | undefined {
    const [first, second] = this.#distinct;
    return second === undefined ? first : undefined;
  }

  get needsPassword(): boolean {
    return this.#controls.some((control) => control.needsPassword);
  }

  /** A pooler stands before this target's server. */
  isPooled(target: number): boolean {
    return this.#controls[target]?.isPooled === true;
  }

  /** How many connections each server has room for, and the targets that share them. Servers that do not answer are left out. */
  async freeSlots(): Promise<readonly ServerSlots[]> {
    const slots = this.#distinct.map(async (control) => {
      const targets = this.#controls.flatMap((other, target) => (other === control ? target : []));
      return { free: await control.freeSlots(), targets };
    });
    const counted = await Promise.allSettled(slots);
    return counted.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** What a query gives on each server that is reached. */
  firstValues(text: string): Promise<readonly (string | undefined)[]> {
    const reached = this.#distinct.filter((control) => control.wasOpen);
    return Promise.all(reached.map((control) => control.firstValue(text)));
  }

  /** Of each target's server, where it tells. */
  async epochs(): Promise<readonly (string | undefined)[]> {
    const told = await Promise.allSettled(this.#controls.map((control) => control.epoch()));
    return told.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  }

  async cancel(target: number, backends: readonly number[]): Promise<void> {
    await this.#controls[target]?.cancel(backends);
  }

  /** At a silent connection of a target. */
  async look(target: number, suspect: Suspect): Promise<Sight> {
    const [control, settings] = [this.#controls[target], this.#settings[target]];
    return control === undefined || settings === undefined ? 'unknown' : control.look(settings, suspect);
  }

  /** Begins to read a catalog that will be asked for. */
  readAhead(target: number): void {
    const rows = this.#read(target);
    this.#ahead.set(target, rows);
    // It is said when it is asked for.
    rows.catch(() => undefined);
  }

  /**
   * What a target's database holds now, or held when it was read ahead. Throws why it cannot be read: a refused connection, a
   * lock that is not given back.
   */
  async readCatalog(target: number): Promise<CatalogRows> {
    const ahead = this.#ahead.get(target);
    this.#ahead.delete(target);
    return ahead ?? this.#read(target);
  }

  async #read(target: number): Promise<CatalogRows> {
    return (await this.readCatalogWith(target)).rows;
  }

  /** What it holds now, and the first column of another query, both of one moment. */
  async readCatalogWith(target: number, also?: string): Promise<CatalogWith> {
    const [control, settings] = [this.#controls[target], this.#settings[target]];
    if (control === undefined || settings === undefined) throw new RangeError(`there is no target ${target}`);
    try {
      return await control.readCatalogWith(settings, also);
    } catch (error) {
      throw named(error, this.#names[target]);
    }
  }

  /** Makes everything committed so far durable, on all servers that were ever reached. Throws the first reason why that cannot be. */
  async flush(): Promise<void> {
    const reached = this.#distinct.filter((control) => control.wasOpen);
    const flushed = await Promise.allSettled(reached.map((control) => control.flush()));
    for (const [index, result] of flushed.entries())
      if (result.status === 'rejected') throw named(result.reason, this.#nameOf(reached[index]));
  }

  #nameOf(control: ControlConnection | undefined): string | undefined {
    return this.#names[this.#controls.findIndex((one) => one === control)];
  }

  async close(): Promise<void> {
    await Promise.all(this.#distinct.map((control) => control.close()));
  }

  get #distinct(): readonly ControlConnection[] {
    return [...new Set(this.#controls)];
  }
}

export interface ServerSlots {
  readonly free: number;
  /** By their numbers. */
  readonly targets: readonly number[];
}

function named(reason: unknown, target: string | undefined): Error {
  const message = reason instanceof Error ? reason.message : String(reason);
  const told = target === undefined ? message : `target ${target}: ${message}`;
  return reason instanceof ConnectionLost ? new ConnectionLost(told) : new Error(told);
}

function serverKey({ hosts, user }: ConnectionSettings): string {
  return JSON.stringify([user, ...hosts.map(({ host, hostaddr, port }) => [host, hostaddr, port])]);
}
