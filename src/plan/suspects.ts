import type { Job } from '../model/job.js';
import type { Plan } from '../model/plan.js';
import { renderTemplate } from '../script/template.js';
import { successors } from './graph.js';

/**
 * Which jobs could have made two databases differ in an object: those whose statements name it, and of these, where there are any,
 * those that nothing keeps in order. A search in the text: what a function or a trigger does is not seen.
 */
export function suspectsFor(plan: Plan, names: readonly string[]): readonly Job[] {
  const patterns = names.map(patternOf);
  const naming = plan.jobs.filter((job) => {
    const texts = textsOf(plan, job);
    return patterns.some((pattern) => texts.some((text) => pattern.test(text)));
  });
  const loose = unordered(plan, naming.slice(0, MOST));
  return loose.length > 0 ? loose : naming;
}

/** True when some two of these jobs are in no order. */
export function mayOverlap(plan: Plan, jobs: readonly Job[]): boolean {
  return unordered(plan, jobs.slice(0, MOST)).length > 0;
}

/** So many are looked at: each costs a walk through the plan. */
const MOST = 200;

function patternOf(name: string): RegExp {
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<![\\w$])${literal}(?![\\w$])`, 'i');
}

/** A live script's statements are a guess, but the best there is. */
function textsOf({ scripts }: Plan, { steps, live, script }: Job): readonly string[] {
  if (live === undefined)
    return steps.map(({ statement, values }) => renderTemplate(statement.text, values).text);
  const read = scripts.find(({ id }) => id === script);
  return (read?.statements ?? []).map(({ text }) => renderTemplate(text).text);
}

/** Those that could run at the same time as another of them. Edges lead forward, so only later jobs can be behind one. */
function unordered(plan: Plan, jobs: readonly Job[]): readonly Job[] {
  const out = successors(plan);
  const loose = new Set<Job>();
  for (const [index, job] of jobs.entries()) {
    const behind = new Set<number>([job.id]);
    // The set grows while it is walked.
    for (const id of behind) for (const { to } of out.of(id)) behind.add(to);
    for (const other of jobs.slice(index + 1)) {
      if (behind.has(other.id)) continue;
      loose.add(job);
      loose.add(other);
    }
  }
  return jobs.filter((job) => loose.has(job));
}
