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
  const hash = createHash('sha1').update(job.transaction);
  if (job.live !== undefined) hash.update(`\0${job.live.name}`);
  for (const step of [...job.context, ...job.steps]) {
    hash.update('\0').update(renderTemplate(step.statement.text, step.values).text);
    if (step.parameters !== undefined) hash.update(`\0${JSON.stringify(step.parameters)}`);
    if (step.data?.span !== undefined) hash.update(`\0${step.data.span.start}-${step.data.span.end}`);
  }
  return hash.digest('base64url');
}
