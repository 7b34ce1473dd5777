import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalPieces } from '../db/journal/pieces.js';
import type { FoundAxis } from '../db/walk/read-axis.js';
import type { WalkReader } from '../db/walk/walk-reader.js';
import type { RunEvent } from '../model/event.js';
import type { ConnectionFailure } from '../model/failure.js';
import { splitName, type Job } from '../model/job.js';
import type { JobOutcome } from '../model/outcome.js';
import type { Plan } from '../model/plan.js';
import { isChunkSplit, type ChunkSplit, type Statement } from '../model/script.js';
import { filledPiece } from '../plan/chunk-pieces.js';
import { walkedStatements } from '../plan/walked.js';
import { PieceUnknown, type Pieces } from '../run/ports.js';
import { renderTemplate } from '../script/template.js';
import { ConnectError } from './server.js';
import { axisRequest, TableSplit } from './table-split.js';
import type { WalkReaders } from './walk-readers.js';

/**
 * Which rows the pieces of splits over tables are for, while a run goes on. A table is read over a connection of its own, which is
 * there as long as that takes.
 */
export interface PieceSetup {
  readonly readers: WalkReaders;
  readonly connections: number;
  readonly retries: number;
  /** --init-sql */
  readonly initSql: string;
  readonly store: (target: number) => JournalPieces | undefined;
  readonly telling: { emit(event: RunEvent): void; now(): number; readonly anythingRan: boolean };
}

/** Undefined: the plan has none. */
export async function runPieces(plan: Plan, setup: PieceSetup): Promise<RunPieces | undefined> {
  if (!plan.jobs.some(isPlace)) return undefined;
  // A split that comes later finds another table, perhaps.
  const waiting = new Set(plan.edges.map(({ to }) => to));
  if (plan.jobs.filter(isPlace).every(({ id }) => waiting.has(id))) await setup.readers.forget();
  const { initSettings } = await import('./read-sql.js');
  return new RunPieces(plan, setup, await initSettings(setup.initSql));
}

export class RunPieces implements Pieces {
  readonly #setup: PieceSetup;
  readonly #initSql: readonly string[];
  readonly #splits = new Map<string, TableSplit>();
  readonly #places = new Map<string, Set<number>>();
  /** Of which split each job is. */
  readonly #keys = new Map<number, string>();

  constructor(plan: Plan, setup: PieceSetup, initSql: readonly string[]) {
    this.#setup = setup;
    this.#initSql = initSql;
    const places = plan.jobs.filter(isPlace);
    for (const target of new Set(places.map((job) => job.target?.index))) {
      const own = places.filter((job) => job.target?.index === target);
      const ids = idsOf(plan, own);
      for (const job of own) {
        const key = ids.get(walkOf(job).statement);
        if (key === undefined) throw new RangeError(`${job.name} is of no split`);
        this.#keys.set(job.id, key);
        this.#places.set(key, (this.#places.get(key) ?? new Set()).add(job.piece?.index ?? 0));
      }
    }
  }

  async fill(job: Job): Promise<Job | undefined> {
    const { split, statement } = walkOf(job);
    const numbered = await this.#splitOf(job).piece(job.piece?.index ?? 0);
    if (numbered === undefined) return undefined;
    const { piece, step, weight } = filledPiece(statement, split, numbered);
    const [first] = job.steps;
    return first === undefined ? undefined : { ...job, piece, weight, steps: [{ ...first, ...step }] };
  }

  ended(job: Job, { failures, duration: ms }: JobOutcome): void {
    if (failures.length > 0 || job.piece?.unit !== 'chunk') return;
    this.#splits.get(this.#keyOf(job))?.learn({ rows: job.piece.rows, ms });
  }

  /** The run is done. Throws when there are rows that nobody was given: that would be a bug. */
  async check(): Promise<void> {
    for (const [key, split] of this.#splits)
      if (!(await split.isWhole())) throw new Error(`the split ${key} has pieces that were not given out`);
  }

  #keyOf(job: Job): string {
    const key = this.#keys.get(job.id);
    if (key === undefined) throw new RangeError(`${job.name} is of no split`);
    return key;
  }

  #splitOf(job: Job): TableSplit {
    const key = this.#keyOf(job);
    const known = this.#splits.get(key);
    if (known !== undefined) return known;
    const { statement } = walkOf(job);
    const target = targetOf(job);
    const { connections, store: storeOf } = this.#setup;
    const pieces = storeOf(target);
    const made = new TableSplit(statement, this.#places.get(key) ?? new Set(), {
      connections,
      read: (from) => this.#read(job, { target, from }),
      told: ({ rows, pieces: count, source }) =>
        this.#setup.telling.emit({
          type: 'split-cut',
          at: this.#setup.telling.now(),
          name: splitName(job.name),
          ...(job.target === undefined ? {} : { target: job.target.name }),
          rows: Math.round(rows),
          ...(count === 0 ? {} : { pieces: count }),
          source,
        }),
      store: pieces && {
        read: () => pieces.read(key).catch(lostJournal),
        begin: (places, cut) => pieces.begin(key, places, cut).catch(lostJournal),
        add: (piece) => pieces.add(key, piece).catch(lostJournal),
      },
    });
    this.#splits.set(key, made);
    return made;
  }

  async #read(
    job: Job,
    { target, from }: { readonly target: number; readonly from: string | undefined },
  ): Promise<FoundAxis> {
    const { split } = walkOf(job);
    const { readers, telling, connections } = this.#setup;
    const context = [
      ...this.#initSql,
      ...job.context.map((step) => renderTemplate(step.statement.text).text),
    ];
    // What the run has done may have changed the table.
    const known = telling.anythingRan ? undefined : readers.factsOf(this.#keyOf(job));
    const look = async (reader: WalkReader): Promise<FoundAxis> => {
      const facts = known ?? (await reader.facts(split, context));
      if (facts === undefined) throw new PieceUnknown(missing(split));
      return reader.axis(facts, { ...axisRequest(split, { rows: facts.rows, connections }), from }, context);
    };
    // Nothing of the piece has begun: what passes by itself is tried again, as it is for jobs.
    for (let tried = 0; ; tried++) {
      try {
        const isFirst = known !== undefined && tried === 0;
        return await (isFirst ? readers.use(target, look) : readers.useNew(target, look));
      } catch (error) {
        const unknown = await unknownPiece(error);
        const mayPass = unknown instanceof PieceUnknown && unknown.failure.kind === 'connection';
        if (!mayPass || tried >= this.#setup.retries) throw unknown;
        await sleep(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tried));
      }
    }
  }
}

/** Milliseconds. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 10_000;

function lostJournal(error: unknown): never {
  const message = `the journal: ${error instanceof Error ? error.message : String(error)}`;
  throw new PieceUnknown({
    kind: 'connection',
    phase: 'lost',
    message,
    hint: 'run it again: it goes on behind what is done',
  });
}

async function unknownPiece(error: unknown): Promise<unknown> {
  const { WalkFault } = await import('../db/walk/walk-facts.js');
  const { ConnectionLost } = await import('../db/connection-lost.js');
  if (error instanceof WalkFault)
    return new PieceUnknown({
      kind: 'client',
      message: `the table that is split cannot be read: ${error.message}`,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  if (error instanceof ConnectError) return new PieceUnknown(error.failure);
  if (!(error instanceof ConnectionLost)) return error;
  const failure: ConnectionFailure = { kind: 'connection', phase: 'lost', message: error.message };
  return new PieceUnknown(failure);
}

function missing({ table: { schema, name } }: ChunkSplit): PieceUnknown['failure'] {
  return {
    kind: 'client',
    message: `there is no table ${schema === undefined ? '' : `${schema}.`}${name} to be split`,
    hint: 'name its schema, or see that what makes it comes before the split',
  };
}

/** A split that is dealt out is one for all targets: its boundaries are those of the first. */
function targetOf(job: Job): number {
  return walkOf(job).split.isDealt === true ? 0 : (job.target?.index ?? 0);
}

/** Of the statements of these jobs, which are for one target. */
function idsOf({ scripts }: Plan, jobs: readonly Job[]): ReadonlyMap<Statement, string> {
  const own = new Set(jobs.map(({ script }) => script));
  const walked = walkedStatements(
    scripts.filter((_, index) => own.has(index)),
    jobs[0]?.target?.name,
  );
  return new Map(walked.map(({ statement, id }) => [statement, id]));
}

function isPlace({ piece, steps }: Job): boolean {
  return piece?.unit === 'chunk' && piece.chunk === undefined && steps.length > 0;
}

function walkOf(job: Job): { readonly split: ChunkSplit; readonly statement: Statement } {
  const statement = job.steps[0]?.statement;
  const split = statement?.directives.split;
  if (statement === undefined || !isChunkSplit(split))
    throw new RangeError(`${job.name} is no piece of a table`);
  return { split, statement };
}
