import { describeDatabase } from '../db/compare/describe.js';
import type { DatabaseDescription } from '../db/compare/description.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Build, CheckOutcome, CheckStep } from '../report/check-outcome.js';
import { loadParser } from '../script/syntax.js';
import { compareBuilds, countsOf } from './check-compare.js';
import { refuseSharedObjects } from './check-safety.js';
import { openScratches, openScratchClient, type Scratch, type Scratches } from './check-scratch.js';
import { hasTargets } from './find-targets.js';
import { findInputs } from './inputs.js';
import { settleOptions, type RunOptions, type SettledOptions } from './options.js';
import { runAt } from './run.js';

export interface CheckOptions extends RunOptions {
  /** Rows of these tables and columns are not compared: `table`, `table.column`, before either a schema. */
  readonly ignore?: readonly string[];
  /** So many parallel builds are made, each with its jobs in another random order; default 1, in no random order. */
  readonly times?: number;
  /** Builds begin as copies of this database; default template1. */
  readonly template?: string;
  /** Leave the databases there. */
  readonly keep?: boolean;
  /** Told what is done next. */
  readonly onStep?: (step: CheckStep) => void;
  /** Told of the scratch databases that are there, whenever they change: an end by force would leave these behind. */
  readonly onScratch?: (names: readonly string[]) => void;
}

export interface Checked {
  readonly outcome: CheckOutcome;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Builds a database twice, one statement after another and as a run would, and compares what came out: every object, and the rows of
 * every table. Both are made for this and dropped afterwards, on the server that the options lead to, or with `embedded` on
 * throw-away servers.
 *
 * Rejects with InputError and ConnectError as `run` does. That a build fails is an outcome. When `signal` is aborted, what runs is
 * cancelled, and everything tidied up.
 */
export async function check(given: CheckOptions): Promise<Checked> {
  const { manifest } = await findInputs(given);
  // What is to be proved, where nothing else is said.
  const order = given.order ?? manifest?.defaults.order ?? 'auto';
  const options = { ...given, order };
  const settled = settleOptions(options, manifest);
  if (hasTargets(options, settled)) throw new InputError([ONE_DATABASE]);
  const { template, keep = false, onScratch: onChange = ignore } = options;
  const asked = { connections: settled.jobs, template, keep, onChange };
  const scratches = await openScratches(options, asked);
  const checking = new Checking(options, { settled, scratches });
  const outcome = await checking.run().catch(async (error: unknown) => {
    await scratches.close();
    throw error;
  });
  const left = await scratches.close();
  const kept = keep ? scratches.names() : [];
  return { outcome: { ...outcome, kept }, warnings: [...checking.warnings, ...left] };
}

const ONE_DATABASE: Diagnostic = {
  severity: 'error',
  message: 'check builds one database, not several targets',
  hint: 'leave the targets out',
};

interface Built {
  readonly scratch: Scratch;
  readonly build: Build;
  readonly plan: Plan;
}

class Checking {
  readonly warnings: Diagnostic[] = [];
  readonly #options: CheckOptions;
  readonly #settled: SettledOptions;
  readonly #scratches: Scratches;
  readonly #builds: Build[] = [];

  constructor(
    options: CheckOptions,
    { settled, scratches }: { readonly settled: SettledOptions; readonly scratches: Scratches },
  ) {
    this.#options = options;
    this.#settled = settled;
    this.#scratches = scratches;
  }

  async run(): Promise<CheckOutcome> {
    try {
      return await this.#buildAndCompare();
    } catch (error) {
      // What was going on broke because it was told to.
      if (this.#isStopped()) return this.#outcome('interrupted');
      throw error;
    }
  }

  async #buildAndCompare(): Promise<CheckOutcome> {
    const sequential = await this.#build({ order: 'sequential', jobs: 1 });
    if (this.#isStopped()) return this.#outcome('interrupted');
    if (sequential.build.status !== 'done') return this.#outcome('failed');
    this.#options.onStep?.({ kind: 'compare' });
    const left = await this.#describe(sequential.scratch);
    const compared = countsOf(left);
    this.#warnUnknown(left);
    const { times = 1 } = this.#options;
    for (let time = 1; time <= times; time += 1) {
      const parallel = await this.#build(times === 1 ? {} : { shuffle: time });
      if (this.#isStopped()) return this.#outcome('interrupted', { compared });
      if (parallel.build.status !== 'done') return this.#outcome('different', { compared });
      this.#options.onStep?.({ kind: 'compare' });
      const right = await this.#describe(parallel.scratch);
      const servers = [sequential.scratch.server, parallel.scratch.server] as const;
      const differences = await compareBuilds([left, right], { plan: parallel.plan, servers });
      if (differences.length > 0) return this.#outcome('different', { compared, differences });
      if (time < times && this.#options.keep !== true) await parallel.scratch.drop();
    }
    return this.#outcome('same', { compared });
  }

  async #build(how: Pick<RunOptions, 'order' | 'jobs' | 'shuffle'>): Promise<Built> {
    const way = how.order === 'sequential' ? 'sequential' : 'parallel';
    const { order, jobs: connections } = { ...this.#settled, ...how };
    const scratch = await this.#scratches.make();
    const { shuffle } = how;
    this.#options.onStep?.({ kind: 'build', database: scratch.name, way, connections, shuffle });
    const plans: Plan[] = [];
    const parser = await loadParser();
    const result = await runAt(
      {
        server: scratch.server,
        onPlan: (made) => {
          plans.push(made);
          if (this.#scratches.isShared) refuseSharedObjects(made, parser);
        },
      },
      { ...quiet(this.#options), ...how },
    );
    const [plan] = plans;
    if (plan === undefined) throw new Error('a run without a plan');
    const { status, wall, jobs, failures } = result;
    const counted = { way, order, connections, status, wall, jobs: jobs.done, failures } as const;
    const build: Build = shuffle === undefined ? counted : { ...counted, shuffle };
    this.#builds.push(build);
    return { scratch, build, plan };
  }

  async #describe({ server }: Scratch): Promise<DatabaseDescription> {
    const client = await openScratchClient(server.value);
    const { signal, ignore = [] } = this.#options;
    const stop = (): void => void client.connection.stream.destroy();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      if (this.#isStopped()) stop();
      return await describeDatabase(client, { ignore });
    } catch (error) {
      throw cannotRead(error);
    } finally {
      signal?.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  }

  #isStopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  #warnUnknown({ unknown }: DatabaseDescription): void {
    for (const name of unknown)
      this.warnings.push({
        severity: 'warning',
        message: `--ignore ${name} fits no table or column`,
        hint: 'write schema.table or schema.table.column',
      });
  }

  #outcome(status: CheckOutcome['status'], found: Partial<CheckOutcome> = {}): CheckOutcome {
    return { compared: undefined, differences: [], ...found, status, builds: this.#builds, kept: [] };
  }
}

/** Only the database counts: nobody sees what the scripts print, and how long jobs took is not what runs take. */
function quiet(options: CheckOptions): RunOptions {
  const nobody = { onEvent: ignore, onResult: ignore, onEcho: ignore };
  return { ...options, ...nobody, unordered: true, history: false };
}

function ignore(): void {
  // Nobody is told.
}

function cannotRead(error: unknown): InputError {
  const cause = error instanceof Error ? error.message : String(error);
  const hint = 'connect as a role that may read all of it, or use a server of its own: --embedded';
  return new InputError([{ severity: 'error', message: `what was built cannot be read: ${cause}`, hint }]);
}
