import type { Diagnostic, Read } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import type { Order, Script } from '../model/script.js';
import { cyclicJobs } from './graph.js';
import { addBarriers, addLabelEdges } from './hand-order.js';
import type { Analysis } from './accesses/analysis.js';
import { AutoPlan } from './auto/auto-plan.js';
import type { PlanOptions } from './options.js';
import { PlanGraph, type Part } from './plan-graph.js';
import { addScript } from './script-part.js';
import { checkSnapshot } from './snapshot-checks.js';
import { checkSplits, checkTransactions, unitsOf } from './units.js';

/**
 * Scripts → plan. This page decides which scripts may overlap; script-part.ts which statements of one script may;
 * hand-order.ts adds what the author ordered by hand.
 *
 * - `auto`: what conflicts keeps the written order, all else is free (auto/); needs an analysis.
 * - `sequential`: one statement after another, as psql does it; only the pieces of one split run side by side.
 * - `stages`: neighbouring scripts with the same number in front (`10-a.sql`, `10-b.sql`) run side by side; in a
 *   script one statement after another; stages in the written order.
 * - `none`: everything may overlap; only transaction blocks, one-session scripts and hand-made order hold.
 *
 * Edges always lead from a lower job id to a higher one, except those of a forward `after=`; only these can close a
 * cycle.
 */
export function buildPlan(
  scripts: readonly Script[],
  options: PlanOptions,
  analysis?: Analysis,
): Read<BuiltPlan> {
  const graph = new PlanGraph();
  const auto =
    options.order === 'auto' && analysis !== undefined ? new AutoPlan(graph, analysis, options) : undefined;
  const diagnostics: Diagnostic[] = [];
  const parts: Part[] = [];
  for (const group of groupScripts(scripts, options.order)) {
    const side = group.map((script) => {
      const units = script.live === undefined ? unitsOf(script, options) : [];
      diagnostics.push(...checkSplits(units));
      diagnostics.push(...(options.snapshot ? checkSnapshot(script) : checkTransactions(units, options)));
      return auto?.add(script) ?? addScript(graph, { script, units, options });
    });
    parts.push(graph.sideBySide(side));
  }
  if (auto !== undefined || options.order === 'none') graph.sideBySide(parts);
  else graph.inSequence(parts);

  diagnostics.push(...addLabelEdges(graph));
  if (auto === undefined) addBarriers(graph);
  const splittable =
    auto === undefined || auto.splittable.length === 0 ? {} : { splittable: auto.splittable };
  const plan = { scripts, jobs: graph.jobs, edges: graph.edges, ...splittable };
  diagnostics.push(...findCycle(plan, graph));
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  return errors.length > 0
    ? { ok: false, diagnostics }
    : { ok: true, value: auto === undefined ? { plan } : { plan, auto }, warnings: diagnostics };
}

export interface BuiltPlan {
  readonly plan: Plan;
  /** Finds edges anew behind opaque barriers. */
  readonly auto?: AutoPlan;
}

/** Scripts that run side by side, group after group. */
function groupScripts(scripts: readonly Script[], order: Order): readonly (readonly Script[])[] {
  const groups: Script[][] = [];
  for (const script of scripts) {
    const last = groups.at(-1);
    const joins = order === 'stages' && script.stage !== undefined && last?.[0]?.stage === script.stage;
    if (joins) last.push(script);
    else groups.push([script]);
  }
  return groups;
}

function findCycle(plan: Plan, graph: PlanGraph): readonly Diagnostic[] {
  const cyclic = new Set(cyclicJobs(plan));
  if (cyclic.size === 0) return [];
  const culprit = graph.marks.find(
    (mark) => mark.after.length > 0 && mark.jobs.some((job) => cyclic.has(job)),
  );
  const after = culprit?.after[0];
  return [
    {
      severity: 'error',
      message: `after=${after?.label ?? ''} can never be satisfied: the job with that label waits for this one`,
      ...(after === undefined ? {} : { place: after.place }),
      hint: 'a statement can only wait for one that does not, in the end, wait for it; change the order of the files, or use --order none',
    },
  ];
}
