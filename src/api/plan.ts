import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { settleOptions, type RunOptions } from './options.js';
import { findInputs } from './inputs.js';
import { readPlan } from './prepare.js';
import { recordAsker } from './record-asker.js';
import { NeededServer } from './server.js';

/**
 * Reads, splits, checks and plans; runs nothing. A server is needed only where a split takes its values from a query.
 * Rejects with InputError and ConnectError as `run` does.
 */
export async function plan(options: RunOptions): Promise<Planned> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  const server = new NeededServer(options);
  const askRecords = recordAsker(settled, async () => (await server.find()).value);
  try {
    const planned = await readPlan({ inputs, options, settled, askRecords, targetNames: [] });
    return { ...planned, connections: settled.jobs };
  } finally {
    await server.stop();
  }
}

export interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** As many as --jobs asks for. */
  readonly connections: number;
}
