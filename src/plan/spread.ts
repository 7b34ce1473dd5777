import type { Job, TargetRef } from '../model/job.js';
import { formatPlace } from '../model/place.js';
import type { Edge, Plan } from '../model/plan.js';

/**
 * A plan for each target → one plan for all. Targets have nothing to do with each other: there is no edge between them.
 *
 * Ids follow the written order first and the targets second, so that the results of one query stand together. Plans of the
 * same shape, which is all of them unless scripts ask for `:target`, have their results united query by query.
 */
export function spread(plans: readonly Plan[], names: readonly string[]): Plan {
  const [first] = plans;
  if (first === undefined) throw new RangeError('a run without targets');
  const isUniform = plans.every((plan) => hasShapeOf(plan, first));
  const longest = Math.max(...plans.map(({ jobs }) => jobs.length));
  const ids = plans.map(({ jobs }) => new Uint32Array(jobs.length));
  const jobs: Job[] = [];
  const scripts = scriptOffsets(plans);
  for (let index = 0; index < longest; index += 1) {
    for (const [target, plan] of plans.entries()) {
      const job = plan.jobs[index];
      const known = ids[target];
      if (job === undefined || known === undefined) continue;
      known[index] = jobs.length;
      const ref = { index: target, name: names[target] ?? '' };
      jobs.push({
        ...ofTarget(job, { id: jobs.length, target: ref, scripts: scripts[target] ?? 0 }),
        ...(isUniform ? { union: index } : {}),
      });
    }
  }
  const edges = plans.flatMap((plan, target) => plan.edges.map((edge) => renumbered(edge, ids[target])));
  const all = isShared(plans) ? first.scripts : plans.flatMap((plan) => plan.scripts);
  return { scripts: all, jobs, edges };
}

function hasShapeOf(plan: Plan, first: Plan): boolean {
  return (
    plan.jobs.length === first.jobs.length &&
    plan.jobs.every((job, index) => standsAt(job) === standsAt(first.jobs[index]))
  );
}

/** Of a gate or a live script, nowhere in particular. */
function standsAt(job: Job | undefined): string {
  const place = job?.steps[0]?.place;
  return place === undefined ? '' : formatPlace(place);
}

/** The scripts were read once, for all targets. */
function isShared(plans: readonly Plan[]): boolean {
  return plans.every(({ scripts }) => scripts === plans[0]?.scripts);
}

function scriptOffsets(plans: readonly Plan[]): readonly number[] {
  if (isShared(plans)) return plans.map(() => 0);
  let offset = 0;
  return plans.map(({ scripts }) => {
    const own = offset;
    offset += scripts.length;
    return own;
  });
}

function ofTarget(
  job: Job,
  { id, target, scripts }: { readonly id: number; readonly target: TargetRef; readonly scripts: number },
): Job {
  const script = job.script === undefined ? undefined : job.script + scripts;
  const batch = job.batch === undefined ? {} : { batch: `${target.index} ${job.batch}` };
  return { ...job, id, script, target, ...batch, name: `${job.name}@${target.name}` };
}

function renumbered(edge: Edge, ids: Uint32Array | undefined): Edge {
  return { ...edge, from: ids?.[edge.from] ?? 0, to: ids?.[edge.to] ?? 0 };
}
