import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { settleOptions, type RunOptions } from './options.js';
import { findInputs } from './inputs.js';
import { findTargets, hasTargets } from './find-targets.js';
import { readPlan, type Preparation } from './prepare.js';
import { serverAsker, targetAsker } from './record-asker.js';
import { NeededServer } from './server.js';

/**
 * Reads, splits, checks and plans; runs nothing. A server is needed only where a split takes its values from a query.
 * Rejects with InputError and ConnectError as `run` does.
 */
export async function plan(options: RunOptions): Promise<Planned> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  return hasTargets(options, settled)
    ? planOfTargets({ inputs, options, settled })
    : planOfOne({ inputs, options, settled });
}

type Context = Pick<Preparation, 'inputs' | 'options' | 'settled'>;

async function planOfOne(context: Context): Promise<Planned> {
  const { options, settled } = context;
  const server = new NeededServer(options);
  const askRecords = serverAsker(settled, server);
  try {
    const planned = await readPlan({ ...context, askRecords, askCatalog: undefined, targetNames: [] });
    return { ...planned, connections: settled.jobs };
  } finally {
    await server.stop();
  }
}

/** A server is needed, too, where it is to say what the targets are. */
async function planOfTargets(context: Context): Promise<Planned> {
  const { options, settled } = context;
  const found = await findTargets(options, settled);
  const { targets, warnings } = found;
  const askRecords = targetAsker(settled, () => Promise.resolve(targets));
  try {
    const planned = await readPlan({
      ...context,
      askRecords,
      askCatalog: undefined,
      targetNames: targets.map(({ name }) => name ?? ''),
    });
    const connections = Math.min(settled.jobs * targets.length, settled.maxConnections ?? Infinity);
    return { ...planned, warnings: [...warnings, ...planned.warnings], connections };
  } finally {
    await found.stop();
  }
}

export interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** As many as --jobs asks for, of all targets together. */
  readonly connections: number;
}
