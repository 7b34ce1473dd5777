import { setTimeout } from 'node:timers/promises';
import { JsonArray } from '../model/json-array.js';
import type { Failure } from '../model/failure.js';
import { isGate } from '../model/job.js';
import type { OutputPart } from '../model/output.js';
import type { Plan } from '../model/plan.js';
import { OrderedOutput } from '../report/output/ordered-output.js';
import { Spill } from '../report/output/spill.js';
import { ColumnCheck } from './column-check.js';
import type { ResultListener, RunOptions, SettledOptions } from './options.js';
import { UnionWriter } from './union-writer.js';

/**
 * What a run's jobs print, on its way to whoever takes the results: one stream in one order; of several targets one result a
 * query; of JSON one array.
 */
export class RunOutput {
  readonly #plan: Plan;
  readonly #takers: Pick<RunOptions, 'onResult' | 'onEcho'>;
  readonly #spill = new Spill();
  readonly #columns: ColumnCheck;
  readonly #ordered: OrderedOutput;
  readonly #union: UnionWriter;
  readonly #array: JsonArray | undefined;
  readonly #isDocument: boolean;
  #written = 0;
  #stop: () => void = () => undefined;
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stop = resolve;
  });

  constructor(plan: Plan, takers: Pick<RunOptions, 'onResult' | 'onEcho'>, options: RunOutputOptions) {
    const { settled, isEnough, broken } = options;
    this.#plan = plan;
    const { mergeOrder } = settled;
    this.#columns = new ColumnCheck(mergeOrder);
    this.#takers = takers;
    const { format } = settled.show.print;
    this.#isDocument = format === 'json' || format === 'ndjson';
    const isArray = format === 'json' && settled.resultDirectory === undefined;
    this.#array = isArray ? new JsonArray() : undefined;
    this.#union = new UnionWriter({ write: (part) => this.#write(part), mergeOrder, isEnough });
    this.#ordered = new OrderedOutput(plan.jobs.length, {
      // The first row is whichever comes first, not that of the first target.
      order: settled.unordered || isEnough !== undefined ? 'arrival' : 'written',
      silent: plan.jobs.filter(isGate).map((job) => job.id),
      write: (part, id) => {
        const job = plan.jobs[id];
        return job?.target === undefined ? this.#write(part) : this.#union.write(part, job);
      },
      spill: this.#spill,
      memory: MEMORY,
      broken,
    });
  }

  add(job: number, parts: readonly OutputPart[], taken: () => void): void {
    this.#ordered.add(job, this.#checked(job, parts), taken);
  }

  /** Returns what is wrong with all that the job has printed. */
  end(job: number, { posted, rest }: JobEnd = NOTHING): Failure | undefined {
    this.#ordered.end(job, { posted, rest: this.#checked(job, rest) });
    return this.#columns.failureOf(job);
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
    await this.#union.end();
    await this.#spill.close();
    if (this.#array !== undefined) await pass(this.#array.end(), this.#takers.onResult);
  }

  #checked(id: number, parts: readonly OutputPart[]): readonly OutputPart[] {
    const job = this.#plan.jobs[id];
    return job === undefined ? parts : this.#columns.pass(job, parts);
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

export interface RunOutputOptions {
  readonly settled: SettledOptions;
  /** One row is wanted: called when it is there. */
  readonly isEnough?: (() => void) | undefined;
  /** Called once, when results can no longer be kept or taken. */
  readonly broken: (error: unknown) => void;
}

interface JobEnd {
  readonly posted: number;
  readonly rest: readonly OutputPart[];
}

function pass(data: OutputPart['data'], listener: ResultListener | undefined): Promise<void> | undefined {
  const passing: unknown = listener?.(data);
  return passing instanceof Promise ? passing.then(() => undefined) : undefined;
}

/** Milliseconds that a run which is being stopped waits for a reader that does not read. */
const PATIENCE = 500;
const MEMORY = 32 * 1024 * 1024;
const NOTHING: JobEnd = { posted: 0, rest: [] };
