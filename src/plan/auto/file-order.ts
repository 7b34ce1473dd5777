import type { Script } from '../../model/script.js';
import type { Wait } from './frontier.js';

/**
 * `file order=…` within `--order auto`: what the author says of the statements of one script among themselves.
 *
 * - `sequential`: each waits for the one before it
 * - `none`: none waits for another one of its script
 *
 * The frontier leaves out what others imply, and knows nothing of this. So whoever does not wait for a statement of his own
 * script waits for all that this one waits for; and whoever waits for him waits for the one that he did not wait for, too.
 *
 * What runs alone does so here, too.
 *
 * It is asked for one job after another, in the written order. Jobs that a node is made of count as one: the last of them.
 */
export class FileOrder {
  #script: Script | undefined;
  /** Of the script's own jobs, for whom they wait outside of it. */
  #outside = new Map<number, readonly Wait[]>();
  #last: number | undefined;
  /** Jobs of scripts with `order=none`, and those of the same script that they would wait for. */
  readonly #left = new Map<number, readonly Wait[]>();

  /** Whom a job really waits for, of those that the frontier found. */
  waits(script: Script, found: readonly Wait[], isAlone: boolean): readonly Wait[] {
    this.#enter(script);
    if (isAlone) this.#outside.clear();
    // Of nearly all scripts nothing is said.
    const isOrdered = script.mode.order === 'sequential' && this.#last !== undefined;
    if (this.#outside.size === 0 && this.#left.size === 0 && !isOrdered) return found;
    const waits = new Map<number, Wait>();
    for (const wait of found)
      for (const real of this.#outside.get(wait.on) ?? [wait, ...(this.#left.get(wait.on) ?? [])])
        if (!waits.has(real.on)) waits.set(real.on, real);
    if (script.mode.order === 'sequential' && this.#last !== undefined && !waits.has(this.#last))
      waits.set(this.#last, { on: this.#last, isByFile: true });
    return [...waits.values()];
  }

  /** The job is there. */
  add(
    job: number,
    {
      found,
      waits,
      isAlone,
    }: { readonly found: readonly Wait[]; readonly waits: readonly Wait[]; readonly isAlone: boolean },
  ): void {
    this.#last = job;
    if (this.#script?.mode.order !== 'none' || isAlone) return;
    const own = found.filter(({ on }) => this.#outside.has(on));
    this.#outside.set(job, waits);
    if (own.length > 0) this.#left.set(job, [...own, ...own.flatMap(({ on }) => this.#left.get(on) ?? [])]);
  }

  #enter(script: Script): void {
    if (script === this.#script) return;
    this.#script = script;
    this.#outside = new Map();
    this.#last = undefined;
  }
}
