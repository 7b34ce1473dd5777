import { Lane } from './lane.js';
import { wordsOf } from './job-failures.js';
import type { Executor } from './ports.js';
import type { SchedulerOptions } from './scheduler-options.js';

/**
 * The connections of all targets: opens one where a ready job finds none free, and closes those of a target that is done where
 * others may wait for the room.
 *
 * It knows no jobs; whoever owns it says how many are ready.
 */
export class Lanes {
  readonly all: readonly Lane[];
  readonly #executor: Executor;
  readonly #maxConnections: number | undefined;
  readonly #changed: Changed;

  constructor(
    executor: Executor,
    { targets = 1, connections: count, connectionsPerTarget = count, maxConnections }: SchedulerOptions,
    changed: Changed,
  ) {
    this.#executor = executor;
    this.#maxConnections = maxConnections;
    this.#changed = changed;
    this.all = Array.from(
      { length: targets },
      (_, target) => new Lane(target, { first: target * connectionsPerTarget, count }),
    );
  }

  /** Something is being opened or closed: what is being closed makes room for others. */
  get areMoving(): boolean {
    return this.all.some(({ opening, closing }) => opening > 0 || closing > 0);
  }

  /** The job goes to whichever connection is free first. */
  openFor(lane: Lane, ready: number): void {
    while (lane.opening < ready && this.#hasRoom) {
      const connection = lane.unopened.shift();
      if (connection === undefined) return;
      lane.opening++;
      const opening = this.#executor.open(connection).catch(wordsOf);
      void opening.then((fault) => {
        lane.opening--;
        if (fault === undefined) {
          lane.free.push(connection);
          lane.open++;
        }
        this.#changed.opened(connection, lane, fault);
      });
    }
  }

  get #hasRoom(): boolean {
    if (this.#maxConnections === undefined) return true;
    return this.all.reduce((sum, { open, opening }) => sum + open + opening, 0) < this.#maxConnections;
  }

  /** The target is done. */
  closeFree(lane: Lane): void {
    if (this.#maxConnections === undefined) return;
    for (const connection of lane.free.splice(0)) {
      lane.closing++;
      const closing = this.#executor.close(connection).catch(wordsOf);
      void closing.then(() => {
        lane.closed();
        this.#changed.closed();
      });
    }
  }
}

/** What the owner of the lanes is told. */
interface Changed {
  /** `fault`: why it could not be, in words. */
  opened(connection: number, lane: Lane, fault: string | undefined): void;
  closed(): void;
}
