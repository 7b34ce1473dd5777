import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type pg from 'pg';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseDescription } from '../../src/db/compare/description.js';
import { JobSessions } from './sessions.js';
import { LIMITS } from './limits.js';
import { InputError } from '../../src/model/diagnostic.js';
import { planFiles, type Order, type PlanWhere } from './plan-files.js';
import { beginsBlock, endsBlock, fileText, type Entry, type Program } from './program.js';
import { send, type Scratch } from './scratch.js';
import { TouchSessions } from './touch.js';
import { unordered } from './touch-conflicts.js';
import { walkPlan, type Walk, type WalkedPlan } from './walk.js';

/** The ways to build a database from a program: as written, in another order that the plan allows, by pqrun itself. */
export interface Built {
  /** What went wrong; what was built does not matter then. */
  readonly failure?: string | undefined;
  readonly description?: DatabaseDescription;
}

/**
 * Each file in a session of its own, each entry as psql sends it. Names the entry that failed. `between` is done between
 * entries where no block is open.
 */
export async function buildAsWritten(
  scratch: Scratch,
  { files }: Program,
  between?: (client: pg.Client) => Promise<void>,
): Promise<Built & { readonly failed?: Entry }> {
  return scratch.within(async (database) => {
    const fault = await sendFiles(scratch, database, { files, between });
    return fault ?? { description: await scratch.describe(database) };
  });
}

async function sendFiles(
  scratch: Scratch,
  database: string,
  { files, between }: Program & { readonly between?: ((client: pg.Client) => Promise<void>) | undefined },
): Promise<{ readonly failure: string; readonly failed: Entry } | undefined> {
  for (const entries of files) {
    const fault = await scratch.session(database, async (client) => {
      let inBlock = false;
      for (const entry of entries) {
        if (!inBlock && between !== undefined) await scratch.session(database, between);
        inBlock = beginsBlock(entry.text) || (inBlock && !endsBlock(entry.text));
        const failure = await send(client, entry);
        if (failure !== undefined) return { failure, failed: entry };
      }
      return undefined;
    });
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export interface PlanShape {
  readonly jobs: number;
  readonly barriers: number;
  /** The most jobs that were ready at once. */
  readonly most: number;
}

/**
 * Plans the files for an empty database, then builds by each of the walks until `see` has seen enough. A plan that changes
 * while it is walked (behind opaque barriers) is made again for each walk; of others no order is walked twice.
 */
export async function buildByWalks(
  scratch: Scratch,
  {
    program,
    order,
    walks,
  }: { readonly program: Program; readonly order: Order; readonly walks: readonly Walk[] },
  see: (built: Built, walk: Walk) => boolean,
): Promise<PlanShape> {
  return withFiles(program, async (paths) => {
    let shape: PlanShape = { jobs: 0, barriers: 0, most: 0 };
    let kept: WalkedPlan | undefined;
    const walked = new Set<string>();
    const isNew = (sequence: string): boolean => walked.size < walked.add(sequence).size;
    for (const walk of walks) {
      if (kept !== undefined && !isNew(await orderOf(kept, walk))) continue;
      const isEnough = await scratch.within(async (database) => {
        const planned = kept ?? (await planOrFault(paths, { order, scratch, database, seed: walk.seed }));
        if ('fault' in planned) return see({ failure: planned.fault }, walk);
        if (kept === undefined && !isReplanned(planned)) {
          kept = planned;
          walked.add(await orderOf(planned, walk));
        }
        const { failure, most } = await walkFiles(planned, walk, scratch.url(database));
        shape = { ...shapeOf(planned), most: Math.max(most, shape.most) };
        const description = failure === undefined ? await scratch.describe(database) : undefined;
        return see(description === undefined ? { failure } : { description }, walk);
      });
      if (isEnough) break;
    }
    return shape;
  });
}

interface TouchWhere {
  readonly order: Order;
  readonly seed: number;
  /** Was run already when the plan is made. */
  readonly before?: Program;
}

/** What jobs touch that the plan lets run in any order; none: all is well. */
export async function touchesWithoutOrder(
  scratch: Scratch,
  paths: readonly string[],
  { order, seed, before }: TouchWhere,
): Promise<readonly string[]> {
  return scratch.within(async (database) => {
    const isLive = before !== undefined && before.files.length > 0;
    const fault = isLive ? await sendFiles(scratch, database, before) : undefined;
    if (fault !== undefined) return [`it failed: ${fault.failure}`];
    const planned = await planOrFault(paths, { order, scratch, database, seed, isLive });
    if ('fault' in planned) return [planned.fault];
    const sessions = new TouchSessions(scratch, database);
    try {
      await sessions.begin();
      const walk = { style: 'written', seed, width: 1 } as const;
      const { failure, edges } = await walkPlan(planned, walk, (job) => sessions.run(job));
      const found = unordered(planned.plan, edges, sessions.touched);
      return failure === undefined ? found : [`it failed: ${failure}`, ...found];
    } finally {
      await sessions.close();
    }
  });
}

/** In which order a walk begins the jobs of a plan that stays as it is, and which of them run side by side. */
async function orderOf({ plan }: WalkedPlan, walk: Walk): Promise<string> {
  const order: string[] = [];
  let running = 0;
  await walkPlan({ plan }, walk, async ({ id }) => {
    order.push(`${id}${running > 0 ? '+' : ''}`);
    running += 1;
    await Promise.resolve();
    running -= 1;
    return undefined;
  });
  return order.join(' ');
}

function isReplanned({ plan, replanning }: WalkedPlan): boolean {
  return replanning !== undefined && plan.jobs.some((job) => replanning.isOpaque(job));
}

export interface PlanEdges {
  /** A plan that cannot be made is a text of its own. */
  readonly text: string;
  /** Others are found while it is walked. */
  readonly isReplanned: boolean;
}

/** The edges of the plan of a program for an empty database. */
export async function edgesOf(
  scratch: Scratch,
  { program, order }: { readonly program: Program; readonly order: Order },
): Promise<PlanEdges> {
  return withFiles(program, async (paths) => {
    // Nothing is done there: an empty database's catalog is known.
    const planned = await planOrFault(paths, { order, scratch, database: 'none', seed: 0 });
    if ('fault' in planned) return { text: 'no plan', isReplanned: false };
    const text = planned.plan.edges.map(({ from, to }) => `${from}>${to}`).join(' ');
    return { text, isReplanned: isReplanned(planned) };
  });
}

/** A plan that cannot be made is what went wrong, too. */
async function planOrFault(
  paths: readonly string[],
  where: PlanWhere,
): Promise<WalkedPlan | { readonly fault: string }> {
  try {
    return await planFiles(paths, where);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const said =
      error instanceof InputError ? error.diagnostics.map(({ message }) => message).join('; ') : error.stack;
    return { fault: `no plan: ${said ?? error.message}` };
  }
}

async function walkFiles(
  planned: WalkedPlan,
  walk: Walk,
  url: string,
): Promise<{ readonly failure: string | undefined; readonly most: number }> {
  const sessions = new JobSessions(url, walk.width);
  try {
    return await walkPlan(planned, walk, (job) => sessions.run(job));
  } finally {
    await sessions.close();
  }
}

function shapeOf({ plan }: WalkedPlan): Pick<PlanShape, 'jobs' | 'barriers'> {
  return { jobs: plan.jobs.length, barriers: plan.jobs.filter(({ alone }) => alone !== undefined).length };
}

/** By `run()` of the built package, over its threads. */
export async function buildByRun(
  scratch: Scratch,
  { program, order, jobs, seed }: { program: Program; order: Order; jobs: number; seed: number },
): Promise<Built> {
  const { run } = await import('./built-package.js');
  return withFiles(program, (paths) =>
    scratch.within(async (database) => {
      const connection = { dbname: scratch.url(database) };
      const { status, failures } = await run({
        paths,
        connection,
        jobs,
        order,
        shuffle: seed,
        serverCores: 'off',
        set: LIMITS,
      });
      const failure = failures.flatMap((job) => job.failures.map((one) => one.failure.message)).join('; ');
      if (status !== 'done') return { failure: failure === '' ? status : failure };
      return { description: await scratch.describe(database) };
    }),
  );
}

export async function withFiles<T>(
  { files }: Program,
  use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'pqrun-same-'));
  try {
    const paths = files.map((_, index) => join(directory, `${index + 1}.sql`));
    await Promise.all(paths.map((path, index) => writeFile(path, fileText(files[index] ?? []))));
    return await use(paths);
  } finally {
    await rm(directory, { recursive: true });
  }
}
