import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Known } from '../db/journal/journal-connection.js';
import type { JournalPieces } from '../db/journal/pieces.js';
import { indexBuiltBy } from '../db/journal/unfinished-indexes.js';
import type { ConnectionSettings } from '../db/settings/resolve.js';
import type { JournalSetup } from '../db/task.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { JournalRead, RunStatus } from '../model/event.js';
import type { CopyData } from '../model/script.js';
import type { Plan } from '../model/plan.js';
import {
  doneBehindNew,
  doneStatements,
  isPlaceKey,
  journalUnits,
  withoutDone,
  type JobUnits,
  type Left,
} from '../plan/journal-units.js';
import { renderTemplate } from '../script/template.js';
import { beginIn, endIn, lost, openTarget, type JournalTarget } from './journal-target.js';
import type { SettledOptions } from './options.js';
import { RunClaims } from './run-claims.js';

/**
 * The journal of a run, on all its targets: what is done already is taken out of the plan, and what will be done is recorded.
 *
 * Throws InputError where the run must not go on: another pqrun works on it, its scripts have changed under what is done, or the
 * journal cannot be made.
 */
export class RunJournal {
  readonly #setup: JournalSetup;
  readonly #targets: JournalTarget[];
  /** What is told of indexes that were left half built. */
  readonly #indexes: Diagnostic[] = [];
  #prepared: PreparedPlan | undefined;

  private constructor(setup: JournalSetup, targets: JournalTarget[]) {
    this.#setup = setup;
    this.#targets = targets;
  }

  static async open(
    settings: readonly ConnectionSettings[],
    setup: JournalSetup,
    { restart }: { readonly restart: boolean },
  ): Promise<RunJournal> {
    const targets: JournalTarget[] = [];
    try {
      for (const one of new Set(settings)) targets.push(await openTarget(one, setup, restart));
    } catch (error) {
      await Promise.all(targets.map(({ connection }) => connection.close()));
      throw error;
    }
    return new RunJournal(
      setup,
      settings.flatMap((one) => targets[[...new Set(settings)].indexOf(one)] ?? []),
    );
  }

  /** How many connections splits are cut for: as many as when the run began. */
  pieces(wanted: number): number {
    return this.#targets.find(({ known }) => known !== undefined)?.known?.pieces ?? wanted;
  }

  /** How many places for pieces the splits of tables have, that have begun. */
  async places(): Promise<ReadonlyMap<string, number>> {
    const asked = [...new Set(this.#targets)].map(({ connection }) => connection.pieces.places());
    const known = await Promise.all(asked).catch((error: unknown) => {
      throw lost(error);
    });
    return new Map(known.flatMap((places) => [...places]));
  }

  /** Where it is written which rows the pieces of a target are for. */
  pieceStore(target: number): JournalPieces | undefined {
    return this.#targets[target]?.connection.pieces;
  }

  /** What of the plan is recorded. It takes a while, so that of the last plan it is remembered. */
  prepare(plan: Plan): PreparedPlan {
    if (this.#prepared?.plan !== plan) this.#prepared = { plan, units: journalUnits(plan, digest) };
    return this.#prepared;
  }

  /** What the run before has left on the server, and is gone now. */
  get warnings(): readonly Diagnostic[] {
    return [...this.#leftSessions(), ...this.#indexes];
  }

  #leftSessions(): readonly Diagnostic[] {
    const count = [...new Set(this.#targets)].reduce((sum, { leftovers }) => sum + leftovers, 0);
    if (count === 0) return [];
    const what = count === 1 ? 'a session of the run before was' : `${count} sessions of the run before were`;
    const message = `${what} still at work on the server, and had to be ended`;
    const hint = 'it was killed, or lost its connections; what had been committed by then is in the journal';
    return [{ severity: 'warning', message, hint }];
  }

  /** By target: the statements that are done. */
  doneStatements({ plan, units }: PreparedPlan): readonly ReadonlySet<string>[] {
    return this.#targets.map(({ known }, target) =>
      doneStatements(plan, units, { done: known?.done ?? NOTHING, target }),
    );
  }

  /** Other transactions than before would be other units. */
  checkOptions({ singleTransaction: single }: Pick<SettledOptions, 'singleTransaction'>): void {
    const other = this.#targets.find(({ known }) => known !== undefined && known.single !== single);
    if (other === undefined) return;
    const message = `run "${this.#setup.run}" was begun ${single ? 'without' : 'with'} --single-transaction`;
    const hint = 'go on with it as it was begun, or begin anew with --restart';
    throw new InputError([{ severity: 'error', message, hint }]);
  }

  /** Refuses a plan in which something that is done rests on what has changed. */
  checkChanges({ plan, units }: PreparedPlan): void {
    const known = this.#known;
    if (known === undefined) return;
    const found = doneBehindNew(plan, units, known);
    if (found.length === 0) return;
    const diagnostics = found.slice(0, MOST_TOLD).map(({ job, changed }): Diagnostic => {
      const place = job.steps[0]?.place;
      return {
        severity: 'error',
        message: `${job.name} is done, and rests on ${changed.name}, which is new or has changed since`,
        ...(place === undefined ? {} : { place }),
      };
    });
    const untold = found.length - diagnostics.length;
    const hint = `run "${this.#setup.run}" was begun with other scripts; --restart forgets it and begins anew, --accept-changes does what is new and leaves what is done`;
    throw new InputError([
      ...diagnostics,
      { severity: 'error', message: untold > 0 ? `… and ${untold} more` : 'nothing was run', hint },
    ]);
  }

  /** What is left to do; from here on the run is in the journal. */
  async begin(
    { plan, units }: PreparedPlan,
    { jobs, singleTransaction: single }: Pick<SettledOptions, 'jobs' | 'singleTransaction'>,
  ): Promise<Left & { readonly read: ReadFacts }> {
    const planned = new Set([...units.values()].flatMap((own) => own.map(({ key }) => key)));
    const beginning = { pieces: this.pieces(jobs), single, planned, host: hostname() };
    for (const { connection, others } of new Set(this.#targets))
      await beginIn(connection, others === 0 ? beginning : undefined).catch((error: unknown) => {
        throw lost(error);
      });
    const done = this.#known?.done ?? NOTHING;
    const left = withoutDone(plan, units, this.#known?.done ?? NOTHING);
    await this.#mendIndexes(left.plan);
    const { run, schema } = this.#setup;
    const others = Math.max(...this.#targets.map((target) => target.others));
    const before = [...planned].filter((key) => done.has(key)).length;
    const cut = [...new Set(this.#targets)].reduce((sum, { known }) => sum + (known?.cut ?? 0), 0);
    const other = [...planned].filter((key) => !isPlaceKey(key)).length;
    return {
      ...withoutDone(plan, units, done),
      read: { run, schema, before, units: other + cut, ...(others === 0 ? {} : { others }) },
    };
  }

  /** What a run before, or a pqrun that is gone, has left of indexes that are still to be built. */
  async #mendIndexes({ jobs }: Plan): Promise<void> {
    for (const { connection, known, others } of new Set(this.#targets)) {
      if (known === undefined || others > 0) continue;
      const own = jobs.filter(({ target }) => this.#targets[target?.index ?? 0]?.connection === connection);
      const wanted = own.flatMap(({ steps }) =>
        steps.flatMap(({ statement: { text } }) => indexBuiltBy(renderTemplate(text).text) ?? []),
      );
      if (wanted.length === 0) continue;
      const mended = await connection.mendIndexes(wanted).catch((error: unknown) => {
        throw lost(error);
      });
      this.#indexes.push(...mended);
    }
  }

  async end(status: RunStatus): Promise<void> {
    for (const { connection } of new Set(this.#targets))
      await endIn(connection, status).catch(() => undefined);
  }

  /** Which of the pqruns that work on the run does what; undefined: this one works alone. */
  claims({ units }: Left, warn: (warning: Diagnostic) => void): RunClaims | undefined {
    const targets = this.#targets.flatMap(({ connection }) => connection.participation ?? []);
    return targets.length === 0 ? undefined : new RunClaims(targets, units, warn);
  }

  /** Others are at work on the run already, so that what is done changes while it is planned. */
  get isJoining(): boolean {
    return this.#targets.some(({ others }) => others > 0);
  }

  /** Asks a target for the units that are done. */
  doneQuery(target: number): string {
    return this.#targets[target]?.connection.participation?.doneQuery ?? '';
  }

  /** What is done of a target's units, read in the same moment as its catalog. */
  learnDone(target: number, done: ReadonlySet<string>): void {
    const own = this.#targets[target];
    if (own?.known === undefined) return;
    for (const [index, other] of this.#targets.entries())
      if (other.connection === own.connection)
        this.#targets[index] = { ...other, known: { ...own.known, done } };
  }

  /** Refuses another plan than that of the pqruns that are at work. */
  checkSame({ units }: PreparedPlan): void {
    const own = new Set([...units.values()].flatMap((of) => of.map(({ key }) => key)));
    const planned = this.#known?.planned ?? NOTHING;
    const differing = [...own].filter((key) => !planned.has(key)).length;
    if (differing === 0 && own.size === planned.size) return;
    const message = `the other pqruns at work on run "${this.#setup.run}" have other scripts: ${differing} of ${own.size} statements here are not among theirs`;
    const hint = 'join with the same scripts, variables and options, or wait until they are done';
    throw new InputError([{ severity: 'error', message, hint }]);
  }

  async close(): Promise<void> {
    await Promise.all([...new Set(this.#targets)].map(({ connection }) => connection.close()));
  }

  /** Of all targets: keys tell them apart. */
  get #known(): Pick<Known, 'planned' | 'done'> | undefined {
    const known = this.#targets.flatMap((target) => target.known ?? []);
    if (known.length === 0) return undefined;
    return {
      planned: new Set(known.flatMap(({ planned }) => [...planned])),
      done: new Set(known.flatMap(({ done }) => [...done])),
    };
  }
}

type ReadFacts = Omit<JournalRead, 'type' | 'at'>;

export interface PreparedPlan {
  readonly plan: Plan;
  readonly units: JobUnits;
}

/** A hash of the data themselves. */
function digest({ from, span }: CopyData): string {
  const hash = createHash('sha256');
  if ('bytes' in from) return hash.update(from.bytes).digest('base64url');
  const { start, end } = span ?? { start: 0, end: Infinity };
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openSync(from.path, 'r');
  try {
    for (let at = start; at < end;) {
      const read = readSync(file, chunk, 0, Math.min(CHUNK, end - at), at);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('base64url');
}

const NOTHING: ReadonlySet<string> = new Set();
const CHUNK = 1024 * 1024;
const MOST_TOLD = 20;
