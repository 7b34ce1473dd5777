import { isGate, type Job } from '../../model/job.js';
import { edgeText, type Edge, type Plan } from '../../model/plan.js';
import { directEdges } from '../../plan/direct-edges.js';
import { predecessors, type EdgesOf } from '../../plan/graph.js';
import { formatPlural } from '../format.js';
import { plainName } from './entries.js';

/**
 * What each job waits for and why, in words. Gates are looked through; what is implied by something else that it waits for
 * is left out; long lists are summed up.
 */
export class Waits {
  readonly #plan: Plan;
  readonly #incoming: EdgesOf;
  /** By gate. */
  readonly #through = new Map<number, readonly Wait[]>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#incoming = predecessors({ jobs: plan.jobs, edges: directEdges(plan) });
  }

  /** `after a.sql:1, a.sql:7 (table public.t: append, then read)` */
  lines(job: Job): readonly string[] {
    const waits = this.#of(job.id);
    // That a barrier waits for all before it need not be told; what its author asked for is.
    const told = job.alone === undefined ? waits : waits.filter(({ edge }) => isAskedFor(edge));
    if (told.length === 0) return [];
    const groups = [...groupByReasons(told)];
    const lines = groups.slice(0, MOST_LINES).map(([why, names]) => `after ${listText(names)} (${why})`);
    const rest = new Set(groups.slice(MOST_LINES).flatMap(([, names]) => names)).size;
    return rest === 0
      ? lines
      : [...lines, `after ${formatPlural(rest, 'more job')} (--format json names them)`];
  }

  #of(id: number): readonly Wait[] {
    return this.#incoming.of(id).flatMap((edge): readonly Wait[] => {
      const from = this.#plan.jobs[edge.from];
      if (from === undefined) return [];
      return isGate(from) ? this.#throughGate(from.id) : [{ edge, from }];
    });
  }

  #throughGate(gate: number): readonly Wait[] {
    const known = this.#through.get(gate) ?? this.#of(gate);
    this.#through.set(gate, known);
    return known;
  }
}

interface Wait {
  readonly edge: Edge;
  readonly from: Job;
}

export function listText(names: readonly string[]): string {
  const more = names.length - MOST_NAMES;
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : names.join(', ');
}

function isAskedFor({ kind, conflict }: Edge): boolean {
  return kind === 'needs' && conflict === undefined;
}

/** Those that are waited for for the same reasons, in the order they come. */
function groupByReasons(waits: readonly Wait[]): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, string[]>();
  for (const { edge, from } of waits) {
    const [name, text] = [plainName(from), edgeText(edge)];
    const texts = reasons.get(name);
    if (texts === undefined) reasons.set(name, [text]);
    else if (!texts.includes(text)) texts.push(text);
  }
  const names = new Map<string, string[]>();
  for (const [name, texts] of reasons) {
    const why = reasonsText(texts);
    const list = names.get(why);
    if (list === undefined) names.set(why, [name]);
    else list.push(name);
  }
  return names;
}

function reasonsText(texts: readonly string[]): string {
  const more = texts.length - MOST_REASONS;
  return more > 0 ? `${texts.slice(0, MOST_REASONS).join('; ')} and ${more} more` : texts.join('; ');
}

const MOST_LINES = 6;
const MOST_NAMES = 3;
const MOST_REASONS = 3;
