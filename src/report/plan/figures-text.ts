import { jobAt } from '../../model/job.js';
import type { Plan } from '../../model/plan.js';
import { planFigures, type Bound, type Joined, type PlanFigures } from '../../plan/plan-figures.js';
import { formatCount, formatFactor, formatPlural, formatShare } from '../format.js';
import { plainName } from './entries.js';
import { hintFor } from './hints.js';

/** What a plan comes to, in lines: how far it can be parallel at all, and what keeps it from being so. */
export function figuresText(plan: Plan): readonly string[] {
  const figures = planFigures(plan);
  if (figures.jobs < 2) return [];
  const { edges, barriers, width } = figures;
  return [
    `${formatPlural(edges, 'edge')}${barriers === 0 ? '' : `, ${aloneText(barriers)}`}; up to ${formatPlural(width, 'job')} side by side`,
    ...pathLines(plan, figures),
    ...boundLines(plan, figures),
  ];
}

function aloneText(barriers: number): string {
  return barriers === 1 ? '1 job runs alone' : `${formatCount(barriers)} jobs run alone`;
}

function pathLines(plan: Plan, { criticalPath, jobs, weight, speedup }: PlanFigures): readonly string[] {
  const share = weight > 0 ? criticalPath.weight / weight : 1;
  const names = [...new Set(criticalPath.jobs.flatMap((id) => namesOf(plan, id)))];
  const more = names.length - MOST_NAMES;
  const shown =
    more > 0 ? `${names.slice(0, MOST_NAMES - 1).join(', ')}, … ${names.at(-1) ?? ''}` : names.join(', ');
  return [
    `critical path: ${formatCount(criticalPath.jobs.length)} of ${formatPlural(jobs, 'job')}, ${formatShare(share)} of the work: at most ${formatFactor(speedup)} as fast as one after another`,
    `  ${shown}`,
  ];
}

function namesOf({ jobs }: Plan, id: number): readonly string[] {
  const job = jobs[id];
  return job === undefined ? [] : [plainName(job)];
}

/** What could be done about it stands below each reason. */
function boundLines(plan: Plan, { bounds, criticalPath, joined }: PlanFigures): readonly string[] {
  const steps = criticalPath.jobs.length - 1;
  if (steps < 1 && joined.length === 0) return [];
  const rest = bounds.length - MOST_BOUNDS;
  return [
    'the critical path is sequential only because of',
    ...joined.flatMap((one) => joinedLines(plan, one)),
    ...bounds.slice(0, MOST_BOUNDS).flatMap((bound) => {
      const hint = hintFor(bound);
      return [
        `  ${boundText(bound)}: ${formatCount(bound.steps)} of ${formatPlural(steps, 'step')}`,
        ...(hint === undefined ? [] : [`    ${hint}`]),
      ];
    }),
    ...(rest > 0 ? [`  and ${formatPlural(rest, 'more reason')} (--format json names them)`] : []),
  ];
}

function joinedLines({ jobs }: Plan, { job, share }: Joined): readonly string[] {
  const { together, ...own } = jobAt(jobs, job);
  return [
    `  ${together?.reason ?? ''} (${plainName(own)}): ${formatShare(share)} of it`,
    ...(together?.remedy === undefined ? [] : [`    ${together.remedy}`]),
  ];
}

function boundText(bound: Bound): string {
  switch (bound.kind) {
    case 'conflict':
      return bound.object;
    case 'barrier':
      return `what runs alone (${bound.reason})`;
    case 'reason':
      return bound.reason;
  }
}

const MOST_NAMES = 8;
const MOST_BOUNDS = 5;
