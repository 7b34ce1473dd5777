import type { Participation, Standing } from '../db/journal/participation.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Job } from '../model/job.js';
import { restOf, type JobUnits, type JournalUnit } from '../plan/journal-units.js';
import type { Claims, Elsewhere } from '../run/ports.js';

/**
 * Jobs are claimed by their units, which are the same in all pqruns of a run, however their jobs are cut: all that is left of a job or
 * nothing. What somebody else has of it is looked at again and again until it is done, or free.
 *
 * A job without units only sets something, which every pqrun needs.
 */
export class RunClaims implements Claims {
  readonly #targets: readonly Participation[];
  /** Of each job, what was left when the run began here. */
  readonly #units: JobUnits;
  /** What is left of each job now: what the pool does of it. */
  readonly #left: Map<number, readonly JournalUnit[]>;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #done = new Set<string>();
  readonly #waiting = new Map<Job, Waiting>();
  /** What is written one by one, and not waited for. */
  #writing: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    targets: readonly Participation[],
    left: Map<number, readonly JournalUnit[]>,
    warn: (warning: Diagnostic) => void,
  ) {
    this.#targets = targets;
    this.#units = new Map(left);
    this.#left = left;
    this.#warn = warn;
  }

  async take(jobs: readonly Job[]): Promise<readonly Job[]> {
    const own: Job[] = [];
    const target = this.#targetOf(jobs[0]);
    const open = new Map(jobs.map((job) => [job, this.#open(job)] as const));
    await this.#writing;
    const wanted = [...open.values()].flat();
    const got = wanted.length === 0 ? new Set<string>() : await target.claim(wanted);
    const inVain: string[] = [];
    for (const [job, keys] of open) {
      const mine = keys.filter((key) => got.has(key));
      if (mine.length < keys.length) {
        inVain.push(...mine);
        continue;
      }
      const rest = this.#rest(job);
      if (rest !== undefined) own.push(rest);
    }
    if (inVain.length > 0) await target.release(inVain);
    return own;
  }

  wait(job: Job): Promise<Elsewhere> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, { resolve, reject });
      this.#lookLater();
    });
  }

  giveBack(job: Job): void {
    this.#write(async () => this.#targetOf(job).release(this.#open(job)));
  }

  fail(job: Job, message: string): void {
    this.#write(async () => this.#targetOf(job).fail(this.#open(job), message));
  }

  /** Nothing is asked any more. Resolves when all is written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await this.#writing;
  }

  /** A journal that is lost is noticed by the next job that is to be taken. */
  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch(() => undefined);
  }

  /** Keys of what is left of a job, as far as it is known. */
  #open(job: Job): readonly string[] {
    return (this.#units.get(job.id) ?? []).flatMap(({ key }) => (this.#done.has(key) ? [] : key));
  }

  /** A job without what others have done of it. */
  #rest(job: Job): Job | undefined {
    const rest = restOf(job, this.#units.get(job.id) ?? [], this.#done);
    if (rest.job !== undefined) this.#left.set(job.id, rest.units);
    return rest.job;
  }

  #lookLater(): void {
    if (this.#isClosed || this.#waiting.size === 0) return;
    this.#timer ??= setTimeout(
      () => {
        this.#looking = this.#look()
          .catch((error: unknown) => this.#break(error))
          .finally(() => {
            this.#timer = undefined;
            this.#lookLater();
          });
      },
      // Not all at the same moment.
      INTERVAL * (0.5 + Math.random()),
    );
  }

  async #look(): Promise<void> {
    for (const [index, target] of this.#targets.entries()) {
      const jobs = [...this.#waiting.keys()].filter((job) => (job.target?.index ?? 0) === index);
      if (jobs.length === 0) continue;
      const standings = await target.look([...new Set(jobs.flatMap((job) => this.#open(job)))]);
      for (const { key, done } of standings) if (done) this.#done.add(key);
      await this.#takeOver(target, standings);
      const byKey = new Map(standings.map((standing) => [standing.key, standing]));
      for (const job of jobs) this.#settle(job, byKey);
    }
  }

  async #takeOver(target: Participation, standings: readonly Standing[]): Promise<void> {
    const gone = new Map(
      standings.flatMap((standing) => {
        const { participant, isAlive, done, failed } = standing;
        return participant === null || isAlive || done || failed !== null ? [] : [[participant, standing]];
      }),
    );
    for (const [participant, standing] of gone)
      if (await target.takeOver(participant))
        this.#warn({
          severity: 'warning',
          message: `${nameOf(standing)} is gone`,
          hint: 'what it had begun was rolled back, and is done by the others',
        });
  }

  #settle(job: Job, standings: ReadonlyMap<string, Standing>): void {
    const waiting = this.#waiting.get(job);
    if (waiting === undefined) return;
    const open = this.#open(job).flatMap((key) => standings.get(key) ?? []);
    const failed = open.find((standing) => standing.failed !== null);
    // A claim of somebody who is gone is free by the next look.
    const isTaken = open.some(({ participant }) => participant !== null);
    if (failed === undefined && isTaken) return;
    this.#waiting.delete(job);
    if (failed !== undefined)
      waiting.resolve({ end: 'failed', message: failed.failed ?? '', by: nameOf(failed) });
    else waiting.resolve({ end: open.length === 0 ? 'done' : 'free' });
  }

  #break(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #targetOf(job: Job | undefined): Participation {
    const target = this.#targets[job?.target?.index ?? 0];
    if (target === undefined) throw new RangeError('there is no such target');
    return target;
  }
}

interface Waiting {
  readonly resolve: (elsewhere: Elsewhere) => void;
  readonly reject: (error: unknown) => void;
}

function nameOf({ host, pid }: Pick<Standing, 'host' | 'pid'>): string {
  return host === '' ? 'another pqrun' : `the pqrun on ${host}, process ${pid},`;
}

/** Milliseconds. */
const INTERVAL = 150;
