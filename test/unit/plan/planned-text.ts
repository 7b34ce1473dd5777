import { buildPlan } from '../../../src/plan/build.js';
import { DEFAULT_READING, readScripts } from '../../../src/script/read.js';
import type { Plan } from '../../../src/model/plan.js';

/** The plan of one script that is run in the written order. */
export async function planOfText(text: string): Promise<Plan> {
  const bytes = Buffer.from(text);
  const read = await readScripts([{ name: '1.sql', bytes }], DEFAULT_READING);
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  const built = buildPlan(read.value, {
    order: 'sequential',
    connections: 1,
    singleTransaction: false,
    snapshot: false,
    splitCopy: 'never',
    autoSplit: false,
  });
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'));
  return built.value.plan;
}
