import type { CatalogRows } from '../model/catalog-rows.js';
import type { Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';
import type { Script } from '../model/script.js';
import { agesAreTold } from '../plan/accesses/ages.js';
import { Analysis, type AnalysisOptions } from '../plan/accesses/analysis.js';
import type { Catalog } from '../plan/catalog/catalog.js';
import { emptyCatalog, loadCatalog } from '../plan/accesses/load-catalog.js';
import { splitPath } from '../plan/accesses/settings.js';
import type { AutoPlan } from '../plan/auto/auto-plan.js';
import type { Fresh } from '../plan/auto/behind.js';
import { loadScriptParser } from '../script/forms.js';
import type { SettledOptions } from './options.js';
import { TimedBudget, type ReplanBudget } from './replan-budget.js';

/**
 * `--order auto`: what the analysis of statements needs to know of a database, read when the run begins and again after each
 * barrier that may have changed it in ways that nobody can tell.
 */

/** Reads a target's catalog; undefined: there is no database, and the plan rests on what the scripts alone say. */
export type AskCatalog = ((target: number) => Promise<CatalogRows>) | undefined;

export async function openAnalysis(
  settled: SettledOptions,
  rows: CatalogRows | undefined,
  { scripts, isDone }: { readonly scripts: readonly Script[]; readonly isDone?: AnalysisOptions['isDone'] },
): Promise<Analysis> {
  let areTold: boolean | undefined;
  const parser = await loadScriptParser();
  const catalog = rows === undefined ? emptyCatalog() : loadCatalog(rows, parser);
  return new Analysis(parser, catalog, {
    startPath: startPath(settled, rows),
    mindsRefusal: settled.keepGoing,
    strictOrder: settled.strictOrder,
    initSql: settled.initSql,
    user: rows?.session.user ?? '',
    agesAreTold: () => (areTold ??= agesAreTold(scripts, rows)),
    ...(isDone === undefined ? {} : { isDone }),
  });
}

/** What sessions of the run begin with: --set wins over what the role and the database say. */
function startPath({ serverSettings }: SettledOptions, rows: CatalogRows | undefined): readonly string[] {
  return splitPath(serverSettings.search_path ?? rows?.session.searchPath ?? '"$user", public');
}

export interface Replanning {
  /** Undefined: the edges stay as they are. */
  readonly replan: (barrier: Job) => Promise<readonly Edge[] | undefined>;
  readonly isOpaque: (job: Job) => boolean;
}

export interface PlannedTarget {
  readonly auto: AutoPlan;
  /** Of the target's own plan; edges that were made by hand hold whatever the catalog says. */
  readonly plan: Plan;
}

export interface ReplanningPorts {
  readonly settled: SettledOptions;
  readonly ask: NonNullable<AskCatalog>;
  /** Of each target; default: by the time that it takes. */
  readonly budget?: (() => ReplanBudget) | undefined;
}

/** Plans of several targets become one, in which each target's jobs keep their order: so their numbers are found again. */
export function replanning(
  targets: readonly PlannedTarget[],
  plan: Plan,
  { settled, ask, budget = () => new TimedBudget() }: ReplanningPorts,
): Replanning {
  const budgets = targets.map(budget);
  const ids = targets.map((_, index) =>
    plan.jobs.flatMap(({ id, target }) => ((target?.index ?? 0) === index ? id : [])),
  );
  const after = targets.map(({ plan: { edges } }) =>
    edges.filter(({ reason }) => reason?.startsWith('after=') === true),
  );
  const own = ids.map((list) => new Map(list.map((id, index) => [id, index])));
  const find = (job: Job): FoundJob | undefined => {
    const target = job.target?.index ?? 0;
    const planned = targets[target];
    const id = own[target]?.get(job.id);
    return planned === undefined || id === undefined ? undefined : { target, id, auto: planned.auto };
  };
  const readAgain = async ({ target, id, auto }: FoundJob): Promise<readonly Edge[]> => {
    const began = performance.now();
    const edges = auto.behind.replan(id, await fresh(await ask(target), settled));
    budgets[target]?.spend(performance.now() - began);
    return edges;
  };
  const edgesBehind = async (
    found: FoundJob,
    byHand: readonly Edge[],
  ): Promise<readonly Edge[] | undefined> => {
    const { target, id, auto } = found;
    const next = auto.behind.next(id);
    if (next === undefined) return undefined;
    // What needs what, and a later statement that is to come first, the written order does not tell.
    if (settled.keepGoing || byHand.some(({ from, to }) => from > to))
      return next.isOpaque ? auto.behind.replan(id, undefined) : readAgain(found);
    return budgets[target]?.isWorth(next) === true ? readAgain(found) : auto.behind.inOrder(id);
  };
  const replan = async (barrier: Job): Promise<readonly Edge[] | undefined> => {
    const found = find(barrier);
    if (found === undefined) return undefined;
    const { target, id } = found;
    const byHand = (after[target] ?? []).filter(({ to }) => to > id);
    const edges = await edgesBehind(found, byHand);
    if (edges === undefined) return undefined;
    const numbers = ids[target] ?? [];
    return [...edges, ...byHand].map((edge) => ({
      ...edge,
      from: numbers[edge.from] ?? 0,
      to: numbers[edge.to] ?? 0,
    }));
  };
  return {
    replan,
    isOpaque: (job) => {
      const found = find(job);
      return found?.auto.behind.isOpaque(found.id) ?? false;
    },
  };
}

interface FoundJob {
  readonly target: number;
  /** Within the target's own plan. */
  readonly id: number;
  readonly auto: AutoPlan;
}

async function fresh(rows: CatalogRows, settled: SettledOptions): Promise<Fresh> {
  const parser = await loadScriptParser();
  const again = (): Catalog => loadCatalog(rows, parser);
  return { catalog: again(), again, startPath: startPath(settled, rows) };
}
