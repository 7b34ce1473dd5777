import { createHash } from 'node:crypto';
import { isGate, type Job } from '../model/job.js';
import type { Plan } from '../model/plan.js';
import { renderTemplate } from '../script/template.js';

/**
 * Jobs weighed by how long the same jobs took last time. The scheduler sorts by weights, so that what took long starts
 * early; a job that is new keeps its estimate. Weights and durations are both milliseconds.
 */

/** Milliseconds, by fingerprint. */
export type Durations = ReadonlyMap<string, number>;

export function weighByDurations(plan: Plan, durations: Durations): Plan {
  if (durations.size === 0) return plan;
  const jobs = plan.jobs.map((job) => {
    const known = isGate(job) || job.piece?.unit === 'chunk' ? undefined : durations.get(fingerprintOf(job));
    return known === undefined ? job : { ...job, weight: known };
  });
  return { ...plan, jobs };
}

/** The same for two jobs that send the same statements in the same way, wherever these stand. */
export function fingerprintOf(job: Job): string {
  // It is asked for in front of the run and behind it; the steps are the same, whatever else becomes of the job.
  const known = fingerprints.get(job.steps) ?? reckoned(job);
  fingerprints.set(job.steps, known);
  return known;
}

const fingerprints = new WeakMap<Job['steps'], string>();

function reckoned(job: Job): string {
  const parts: string[] = [job.transaction];
  if (job.live !== undefined) parts.push(job.live.name);
  for (const step of [...job.context, ...job.steps]) {
    parts.push(renderTemplate(step.statement.text, step.values).text);
    if (step.parameters !== undefined) parts.push(JSON.stringify(step.parameters));
    if (step.data?.span !== undefined) parts.push(`${step.data.span.start}-${step.data.span.end}`);
  }
  // At once: to hash many short texts takes longer than to join them.
  return createHash('sha1').update(parts.join('\0')).digest('base64url');
}
