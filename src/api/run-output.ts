import { setTimeout } from 'node:timers/promises';
import { JsonArray } from '../model/json-array.js';
import type { OutputPart } from '../model/output.js';
import type { Plan } from '../model/plan.js';
import { isGate } from '../model/job.js';
import { OrderedOutput } from '../report/output/ordered-output.js';
import { Spill } from '../report/output/spill.js';
import type { ResultListener, RunOptions, SettledOptions } from './options.js';

/** What a run's jobs print, on its way to whoever takes the results: one stream, or for JSON one array. */
export class RunOutput {
  readonly #takers: Pick<RunOptions, 'onResult' | 'onEcho'>;
  readonly #spill = new Spill();
  readonly #ordered: OrderedOutput;
  readonly #array: JsonArray | undefined;
  readonly #isDocument: boolean;
  #written = 0;
  #stop: () => void = () => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  /** `broken` is called once, when results can no longer be kept or taken. */
  constructor(
    plan: Plan,
    takers: Pick<RunOptions, 'onResult' | 'onEcho'>,
    { settled, broken }: { readonly settled: SettledOptions; readonly broken: (error: unknown) => void },
  ) {
    this.#takers = takers;
    const { format } = settled.show.print;
    this.#isDocument = format === 'json' || format === 'ndjson';
    const isArray = format === 'json' && settled.resultDirectory === undefined;
    this.#array = isArray ? new JsonArray() : undefined;
    this.#ordered = new OrderedOutput(plan.jobs.length, {
      order: settled.unordered ? 'arrival' : 'written',
      silent: plan.jobs.filter(isGate).map((job) => job.id),
      write: (part) => this.#write(part),
      spill: this.#spill,
      memory: MEMORY,
      broken,
    });
  }

  add(job: number, parts: readonly OutputPart[], taken: () => void): void {
    this.#ordered.add(job, parts, taken);
  }

  end(job: number, output: Parameters<OrderedOutput['end']>[1] = NOTHING): void {
    this.#ordered.end(job, output);
  }

  /** The run is being stopped. */
  release(): void {
    this.#ordered.release();
    this.#stop();
  }

  /** Resolves when everything is written; or, when the run is being stopped, when the reader takes nothing any more. */
  async finish(): Promise<void> {
    await Promise.race([this.#ordered.drained(), this.#stopped.then(() => this.#stalled())]);
    this.#ordered.abandon();
    await this.#spill.close();
    if (this.#array !== undefined) await pass(this.#array.end(), this.#takers.onResult);
  }

  async #stalled(): Promise<void> {
    for (let before = -1; before !== this.#written;) {
      before = this.#written;
      await setTimeout(PATIENCE, undefined, { ref: false });
    }
  }

  #write({ to, data }: OutputPart): Promise<void> | undefined {
    const { onResult, onEcho = this.#isDocument ? undefined : onResult } = this.#takers;
    this.#written += 1;
    if (to === 'screen') return pass(data, onEcho);
    return pass(this.#array === undefined ? data : this.#array.add(data), onResult);
  }
}

function pass(data: OutputPart['data'], listener: ResultListener | undefined): Promise<void> | undefined {
  const passing: unknown = listener?.(data);
  return passing instanceof Promise ? passing.then(() => undefined) : undefined;
}

/** Milliseconds that a run which is being stopped waits for a reader that does not read. */
const PATIENCE = 500;
const MEMORY = 32 * 1024 * 1024;
const NOTHING = { posted: 0, rest: [] } as const;
