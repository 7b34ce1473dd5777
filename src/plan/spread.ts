import type { Job, TargetRef } from '../model/job.js';
import { formatPlace } from '../model/place.js';
import type { Edge, Plan } from '../model/plan.js';
import { alignment } from './alignment.js';

/**
 * A plan for each target → one plan for all. Targets have nothing to do with each other: there is no edge between them.
 *
 * Ids follow the written order first and the targets second, so that the results of one query stand together and are
 * united. Which jobs do the same is told by where their statements stand: plans differ where scripts ask for `:target`, or
 * where a split is dealt out and some targets have fewer pieces.
 */
export function spread(plans: readonly Plan[], names: readonly string[]): Plan {
  const [first] = plans;
  if (first === undefined) throw new RangeError('a run without targets');
  const ids = plans.map((plan) => new Uint32Array(plan.jobs.length));
  const jobs: Job[] = [];
  const scripts = scriptOffsets(plans);
  const union = alignment(plans.map((plan) => plan.jobs.map(standsAt)));
  for (const [number, members] of union.entries()) {
    for (const { list: target, index } of members) {
      const job = plans[target]?.jobs[index];
      const known = ids[target];
      if (job === undefined || known === undefined)
        throw new RangeError(`no job ${index} of target ${target}`);
      known[index] = jobs.length;
      const ref = { index: target, name: names[target] ?? '' };
      jobs.push({
        ...ofTarget(job, { id: jobs.length, target: ref, scripts: scripts[target] ?? 0 }),
        union: number,
      });
    }
  }
  const edges = plans.flatMap((plan, target) => plan.edges.map((edge) => renumbered(edge, ids[target])));
  const all = isShared(plans) ? first.scripts : plans.flatMap((plan) => plan.scripts);
  return { scripts: all, jobs, edges, ...splittableOn(plans) };
}

/** On any of the targets: each place once. */
function splittableOn(plans: readonly Plan[]): Pick<Plan, 'splittable'> {
  const places = plans.flatMap(({ splittable = [] }) => splittable);
  if (places.length === 0) return {};
  return { splittable: [...new Map(places.map((place) => [formatPlace(place), place])).values()] };
}

/** A live script stands for itself; gates are all alike. */
function standsAt({ steps, live, name }: Job): string {
  const place = steps[0]?.place;
  if (place !== undefined) return formatPlace(place);
  return live === undefined ? '' : `script ${name}`;
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
