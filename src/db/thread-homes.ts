import { Piscina, type PiscinaTask } from 'piscina';
import type { WorkerSetup, WorkerTask } from './task.js';
import type { Balancer } from './threads.js';

type Threads = Parameters<Balancer>[1];

/**
 * Which thread a connection lives in, for the whole run: the ready one with the fewest when its first task comes. Piscina
 * asks for each task, and posts it right behind the answer: the first that a thread gets takes along what the run is.
 */
export class ThreadHomes {
  readonly #homes = new Map<number, number>();
  /** Threads that know what the run is. */
  readonly #told = new Set<number>();
  readonly #most: number;

  /** `most`: connections that a thread may hold. */
  constructor(most: number) {
    this.#most = most;
  }

  /** That have had a task. */
  get connections(): readonly number[] {
    return [...this.#homes.keys()];
  }

  /** Null: none is ready for it yet. */
  threadFor(task: PiscinaTask, threads: Threads): Threads[number] | null {
    const { connection, tell } = optionsOf(task);
    const thread = this.#homeOf(connection, threads);
    if (thread === null || this.#told.has(thread.id)) return thread;
    this.#told.add(thread.id);
    tell();
    return thread;
  }

  #homeOf(connection: number, threads: Threads): Threads[number] | null {
    const home = this.#homes.get(connection);
    const settled = threads.find(({ id }) => id === home);
    if (settled !== undefined) return settled;
    const population = (id: number): number =>
      [...this.#homes.values()].filter((thread) => thread === id).length;
    const roomy = threads.filter(({ id }) => population(id) < this.#most);
    const [emptiest] = roomy.toSorted((a, b) => population(a.id) - population(b.id));
    if (emptiest === undefined) return null;
    this.#homes.set(connection, emptiest.id);
    return emptiest;
  }
}

/** The task, with what the balancer is shown of it. */
export function forConnection(task: WorkerTask, setup: WorkerSetup): WorkerTask {
  const options: QueueOptions = {
    connection: task.connection,
    tell: () => Object.assign(task, { setup }),
  };
  return Object.assign(task, { [Piscina.queueOptionsSymbol]: options });
}

interface QueueOptions {
  readonly connection: number;
  /** The task is to take along what the run is. */
  readonly tell: () => void;
}

function optionsOf(task: PiscinaTask): QueueOptions {
  // Piscina shows a balancer only the task's queue options; ours are put there by forConnection.
  return (task as unknown as Record<symbol, unknown>)[Piscina.queueOptionsSymbol] as QueueOptions;
}
