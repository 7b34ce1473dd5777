import { findInputs } from '../../src/api/inputs.js';
import { settleOptions, type RunOptions } from '../../src/api/options.js';
import { readPlan } from '../../src/api/prepare.js';
import { Random } from '../oracle/random.js';
import type { Scratch } from './scratch.js';
import type { WalkedPlan } from './walk.js';

export type Order = NonNullable<RunOptions['order']>;

export interface PlanWhere {
  readonly order: Order;
  readonly scratch: Scratch;
  readonly database: string;
  /** By which the catalog is read again behind an opaque barrier, or not. */
  readonly seed: number;
  /** There is something in it. */
  readonly isLive?: boolean;
}

/** The plan that a run on the database would make. */
export async function planFiles(
  paths: readonly string[],
  { order, scratch, database, seed, isLive = false }: PlanWhere,
): Promise<WalkedPlan> {
  const options = { paths, order, connection: { dbname: scratch.url(database) }, jobs: 8 };
  const inputs = await findInputs(options);
  let isKnown = !isLive;
  const random = new Random(seed);
  const planned = await readPlan({
    inputs,
    options,
    settled: settleOptions(options),
    askRecords: () => Promise.reject(new Error('no program asks for records')),
    askCatalog: () => (isKnown ? scratch.emptyCatalog(database) : scratch.readCatalog(database)),
    targetNames: [],
    replanBudget: () => ({
      isWorth: ({ isOpaque }) => !isOpaque && random.chance(0.5),
      spend: () => undefined,
    }),
  });
  isKnown = false;
  return planned;
}
