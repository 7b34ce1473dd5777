import { plan as planInputs } from '../../src/api/plan.js';
import type { RunOptions } from '../../src/api/options.js';
import type { Plan } from '../../src/model/plan.js';
import type { Replanner } from '../../src/run/ports.js';

export type Order = NonNullable<RunOptions['order']>;

export interface PlannedFiles {
  readonly plan: Plan;
  /** Finds the edges behind an opaque barrier anew. */
  readonly replan?: Replanner;
}

/** The plan for the database as it is now. */
export async function planFiles(
  paths: readonly string[],
  { order, url }: { readonly order: Order; readonly url: string },
): Promise<PlannedFiles> {
  const { plan } = await planInputs({ paths, order, connection: { dbname: url }, jobs: 8 });
  return { plan };
}
