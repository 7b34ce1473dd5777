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
}

/** The plan that a run on the database, which is empty yet, would make. */
export async function planFiles(
  paths: readonly string[],
  { order, scratch, database, seed }: PlanWhere,
): Promise<WalkedPlan> {
  const options = { paths, order, connection: { dbname: scratch.url(database) }, jobs: 8 };
  const inputs = await findInputs(options);
  let isPlanned = false;
  const random = new Random(seed);
  const planned = await readPlan({
    inputs,
    options,
    settled: settleOptions(options),
    askRecords: () => Promise.reject(new Error('no program asks for records')),
    askCatalog: () => (isPlanned ? scratch.readCatalog(database) : scratch.emptyCatalog(database)),
    targetNames: [],
    replanBudget: () => ({
      isWorth: ({ isOpaque }) => !isOpaque && random.chance(0.5),
      spend: () => undefined,
    }),
  });
  isPlanned = true;
  return planned;
}
