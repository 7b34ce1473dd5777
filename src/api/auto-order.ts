import type { CatalogRows } from '../model/catalog-rows.js';
import type { Job } from '../model/job.js';
import type { Edge, Plan } from '../model/plan.js';
import { Analysis } from '../plan/accesses/analysis.js';
import { emptyCatalog, loadCatalog } from '../plan/accesses/load-catalog.js';
import { splitPath } from '../plan/accesses/settings.js';
import type { AutoPlan, Fresh } from '../plan/auto/auto-plan.js';
import { loadParser } from '../script/syntax.js';
import type { SettledOptions } from './options.js';

/**
 * `--order auto`: what the analysis of statements needs to know of a database, read when the run begins and again after each
 * barrier that may have changed it in ways that nobody can tell.
 */

/** Reads a target's catalog; undefined: there is no database, and the plan rests on what the scripts alone say. */
export type AskCatalog = ((target: number) => Promise<CatalogRows>) | undefined;

export async function openAnalysis(
  settled: SettledOptions,
  rows: CatalogRows | undefined,
): Promise<Analysis> {
  const parser = await loadParser();
  const catalog = rows === undefined ? emptyCatalog() : loadCatalog(rows, parser);
  return new Analysis(parser, catalog, {
    startPath: startPath(settled, rows),
    mindsRefusal: settled.keepGoing,
    strictOrder: settled.strictOrder,
    initSql: settled.initSql,
    user: rows?.session.user ?? '',
  });
}

/** What sessions of the run begin with: --set wins over what the role and the database say. */
function startPath({ serverSettings }: SettledOptions, rows: CatalogRows | undefined): readonly string[] {
  return splitPath(serverSettings.search_path ?? rows?.session.searchPath ?? '"$user", public');
}

export interface Replanning {
  readonly replan: (barrier: Job) => Promise<readonly Edge[]>;
  readonly isOpaque: (job: Job) => boolean;
}

export interface PlannedTarget {
  readonly auto: AutoPlan;
  /** Of the target's own plan; edges that were made by hand hold whatever the catalog says. */
  readonly plan: Plan;
}

/** Plans of several targets become one, in which each target's jobs keep their order: so their numbers are found again. */
export function replanning(
  targets: readonly PlannedTarget[],
  plan: Plan,
  { settled, ask }: { readonly settled: SettledOptions; readonly ask: NonNullable<AskCatalog> },
): Replanning {
  const ids = targets.map((_, index) =>
    plan.jobs.flatMap(({ id, target }) => ((target?.index ?? 0) === index ? id : [])),
  );
  const own = ids.map((list) => new Map(list.map((id, index) => [id, index])));
  const find = (
    job: Job,
  ): { readonly target: number; readonly id: number; readonly auto: AutoPlan } | undefined => {
    const target = job.target?.index ?? 0;
    const planned = targets[target];
    const id = own[target]?.get(job.id);
    return planned === undefined || id === undefined ? undefined : { target, id, auto: planned.auto };
  };
  const replan = async (barrier: Job): Promise<readonly Edge[]> => {
    const found = find(barrier);
    if (found === undefined) return [];
    const { target, id, auto } = found;
    const edges = auto.replan(
      id,
      auto.isFollowedByOpaque(id) ? undefined : await fresh(await ask(target), settled),
    );
    const byHand = (targets[target]?.plan.edges ?? []).filter(
      (edge) => edge.to > id && edge.reason?.startsWith('after=') === true,
    );
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
      return found?.auto.isOpaque(found.id) ?? false;
    },
  };
}

async function fresh(rows: CatalogRows, settled: SettledOptions): Promise<Fresh> {
  return { catalog: loadCatalog(rows, await loadParser()), startPath: startPath(settled, rows) };
}
