import { isGate, targetName } from '../../model/job.js';
import { edgeText, type Plan } from '../../model/plan.js';
import { doneAtLeastOnce } from '../../plan/journal-units.js';
import { planFigures } from '../../plan/plan-figures.js';

/** The plan as data: jobs without their texts, all edges with their reasons, the figures of the whole, and what must be known of it. */
export function planJson(plan: Plan, note?: string): string {
  const isAtLeastOnce = doneAtLeastOnce(plan);
  const jobs = plan.jobs.map((job) => ({
    id: job.id,
    name: job.name,
    gate: isGate(job),
    ...targetName(job),
    statements: job.steps.map((step) => step.place),
    transaction: job.transaction,
    ...(!isGate(job) && isAtLeastOnce(job) ? { atLeastOnce: true } : {}),
    ...(job.piece === undefined ? {} : { piece: job.piece }),
    ...(job.alone === undefined ? {} : { alone: job.alone }),
    ...(job.together === undefined ? {} : { together: job.together }),
    weight: job.weight,
  }));
  const edges = plan.edges.map((edge) => {
    const { from, to, kind, conflict } = edge;
    return { from, to, kind, reason: edgeText(edge), ...(conflict === undefined ? {} : { conflict }) };
  });
  const { splittable } = plan;
  const couldSplit = splittable === undefined ? {} : { couldSplit: splittable };
  return `${JSON.stringify({ jobs, edges, summary: planFigures(plan), ...couldSplit, ...(note === undefined ? {} : { note }) }, undefined, 2)}\n`;
}
