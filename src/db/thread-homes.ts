import { Piscina, type PiscinaTask } from 'piscina';

type Balancer = NonNullable<ConstructorParameters<typeof Piscina>[0]>['loadBalancer'] & object;
type Threads = Parameters<Balancer>[1];

/**
 * Which thread a connection lives in, for the whole run: the ready one with the fewest when its first task comes. Piscina
 * asks for each task.
 */
export class ThreadHomes {
  readonly #homes = new Map<number, number>();
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
    const connection = connectionOf(task);
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
export function forConnection<Task extends { readonly connection: number }>(task: Task): Task {
  return Object.assign(task, { [Piscina.queueOptionsSymbol]: { connection: task.connection } });
}

function connectionOf(task: PiscinaTask): number {
  // Piscina shows a balancer only the task's queue options; ours are put there by forConnection.
  const options = (task as unknown as Record<symbol, unknown>)[Piscina.queueOptionsSymbol];
  return (options as { readonly connection: number }).connection;
}
