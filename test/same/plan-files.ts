import { plan as planInputs } from '../../src/api/plan.js';
import type { RunOptions } from '../../src/api/options.js';
import type { WalkedPlan } from './walk.js';

export type Order = NonNullable<RunOptions['order']>;

/** The plan for the database as it is now. */
export async function planFiles(
  paths: readonly string[],
  { order, url }: { readonly order: Order; readonly url: string },
): Promise<WalkedPlan> {
  const { plan } = await planInputs({ paths, order, connection: { dbname: url }, jobs: 8 });
  return { plan };
}
