import type { Verdict } from './judge.js';
import type { MadeProgram } from './make-program.js';
import { countEntries } from './program.js';

const KINDS = ['same', 'invalid', 'unsteady', 'different'] as const satisfies readonly Verdict['kind'][];

/** What all programs were like, so that one sees that they were not trivial. */
export class Totals {
  #programs = 0;
  #statements = 0;
  #dropped = 0;
  #judged = 0;
  #jobs = 0;
  #barriers = 0;
  #most = 0;
  #makingTime = 0;
  #judgingTime = 0;
  readonly #began = performance.now();
  readonly #kinds = new Map<string, number>();

  add(one: { made: MadeProgram; verdict: Verdict; makingTime: number; judgingTime: number }): void {
    const { made, verdict } = one;
    this.#programs++;
    this.#statements += countEntries(made.program);
    this.#dropped += made.dropped;
    this.#makingTime += one.makingTime;
    this.#judgingTime += one.judgingTime;
    this.#kinds.set(verdict.kind, (this.#kinds.get(verdict.kind) ?? 0) + 1);
    if (verdict.kind !== 'same') return;
    this.#judged++;
    this.#jobs += verdict.shape.jobs;
    this.#barriers += verdict.shape.barriers;
    this.#most += verdict.shape.most;
  }

  /** How far it is, in a line. */
  get progress(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const kinds = KINDS.map((kind) => `${this.#kinds.get(kind) ?? 0} ${kind}`).join(', ');
    return `${this.#programs} done: ${kinds}; ${(this.#programs / seconds).toFixed(2)} a second`;
  }

  /** From 0 to 1. */
  get sameShare(): number {
    return (this.#kinds.get('same') ?? 0) / this.#programs;
  }

  toString(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const each = (sum: number): string => (sum / Math.max(1, this.#judged)).toFixed(1);
    const share = (part: number, whole: number): string =>
      `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
    return [
      `${this.#programs} programs of ${(this.#statements / Math.max(1, this.#programs)).toFixed(1)} statements in ${seconds.toFixed(1)} s (${(this.#programs / seconds).toFixed(2)} a second): ${[...this.#kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`,
      `${share(this.#dropped, this.#dropped + this.#statements)} of the statements that were tried failed and were left out`,
      // Where plans are walked.
      ...(this.#jobs === 0
        ? []
        : [
            `a plan has ${each(this.#jobs)} jobs, ${share(this.#barriers, this.#jobs)} of them barriers; ${each(this.#most)} were ready at once at the most`,
          ]),
      `making one took ${(this.#makingTime / Math.max(1, this.#programs)).toFixed(0)} ms, judging it ${(this.#judgingTime / Math.max(1, this.#programs)).toFixed(0)} ms`,
    ].join('\n');
  }
}
