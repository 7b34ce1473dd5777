import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { settleOptions, type InputOptions } from './options.js';
import { findInputs } from './inputs.js';
import { readPlan } from './prepare.js';

/** Reads, splits, checks and plans; runs nothing and needs no server. Rejects with InputError as `run` does. */
export async function plan(options: InputOptions): Promise<Planned> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  return { ...(await readPlan(inputs, options, { ...settled, targetNames: [] })), connections: settled.jobs };
}

export interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** As many as --jobs asks for. */
  readonly connections: number;
}
