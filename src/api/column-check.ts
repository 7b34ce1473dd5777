import type { Failure } from '../model/failure.js';
import type { Job } from '../model/job.js';
import type { MergeOrder } from '../model/merge-order.js';
import type { OutputPart } from '../model/output.js';
import { OrderCheck } from './order-check.js';

/**
 * Whether all targets give the same columns for the same query, so that their results can be one. The first that is heard of
 * says how they are; a target that gives others fails, and nothing of its result is printed.
 */
export class ColumnCheck {
  /** By query and number of its result: who said it first, and what. */
  readonly #known = new Map<string, { readonly target: string; readonly names: readonly string[] }>();
  /** Results that have begun, by job. */
  readonly #begun = new Map<number, number>();
  readonly #failures = new Map<number, Failure>();
  readonly #order: OrderCheck | undefined;

  /** With an order, the rows of each target must be in it. */
  constructor(order?: MergeOrder) {
    this.#order = order && new OrderCheck(order);
  }

  /** What of a job's output may be printed. */
  pass(job: Job, parts: readonly OutputPart[]): readonly OutputPart[] {
    const { target, union } = job;
    if (target === undefined || union === undefined) return parts;
    return parts.filter((part) => {
      if (part.begin !== undefined && !this.#failures.has(job.id)) {
        const number = this.#begun.get(job.id) ?? 0;
        this.#begun.set(job.id, number + 1);
        this.#compare(job.id, {
          query: `${union}.${number}`,
          target: target.name,
          names: part.begin.columns.map(({ name }) => name),
        });
      }
      this.#lookAtOrder(job.id, part);
      return part.to === 'screen' || !this.#failures.has(job.id);
    });
  }

  #lookAtOrder(job: number, part: OutputPart): void {
    if (part.to === 'screen' || this.#failures.has(job)) return;
    const failure = this.#order?.look(job, part);
    if (failure !== undefined) this.#failures.set(job, failure);
  }

  /** What is wrong with a job's results. */
  failureOf(job: number): Failure | undefined {
    return this.#failures.get(job);
  }

  #compare(
    job: number,
    {
      query,
      target,
      names,
    }: { readonly query: string; readonly target: string; readonly names: readonly string[] },
  ): void {
    const known = this.#known.get(query);
    if (known === undefined) this.#known.set(query, { target, names });
    else if (known.names.length !== names.length || known.names.some((name, index) => name !== names[index]))
      this.#failures.set(job, {
        kind: 'client',
        message: `the columns differ between targets: ${known.target} gives (${known.names.join(', ')}), ${target} gives (${names.join(', ')})`,
        hint: 'name the columns in the query instead of *, or bring the tables to the same shape',
      });
  }
}
