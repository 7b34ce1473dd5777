import { isGate, type Job } from '../../model/job.js';
import { edgeText, type Edge, type Plan } from '../../model/plan.js';
import { directEdges } from '../../plan/direct-edges.js';
import { planFigures } from '../../plan/plan-figures.js';
import { contentText, entriesOf, plainName } from './entries.js';

/**
 * A plan as nodes and arrows, whatever draws them: the pieces of a split are one node, arrows that others imply are left
 * out, and gates are there only where they save arrows.
 */
export interface Chart {
  readonly nodes: readonly ChartNode[];
  readonly arrows: readonly Arrow[];
}

export interface ChartNode {
  /** Letters and digits. */
  readonly key: string;
  readonly kind: 'job' | 'barrier' | 'gate';
  readonly lines: readonly string[];
  readonly isCritical: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** `needs` where any of its edges is. */
  readonly kind: Edge['kind'];
  /** Why; none for the written order and for barriers, where it is plain to see. */
  readonly lines: readonly string[];
}

export function chartOf(plan: Plan): Chart {
  const critical = new Set(planFigures(plan).criticalPath.jobs);
  const entries = entriesOf(plan).map((entry) => ({ key: `j${entry.first.id}`, entry }));
  const nodes = entries.map(({ key, entry }): ChartNode => {
    const { alone } = entry.first;
    return {
      key,
      kind: alone === undefined ? 'job' : 'barrier',
      lines: [
        plainName(entry.first),
        contentText(entry),
        ...(alone === undefined ? [] : [`runs alone: ${alone.reason}`]),
      ],
      isCritical: entry.jobs.some(({ id }) => critical.has(id)),
    };
  });
  const keys = new Map(entries.flatMap(({ key, entry }) => entry.jobs.map(({ id }) => [id, key] as const)));
  const gates = gateKeys(plan);
  const arrows = new Arrows();
  for (const edge of directEdges(plan)) {
    const [from, to] = [edge.from, edge.to].map((id) => keys.get(id) ?? gates.get(id));
    if (from !== undefined && to !== undefined)
      arrows.add({ from, to, kind: edge.kind, lines: linesOf(edge) });
  }
  const left = [...new Set(gates.values())].filter((gate) => !arrows.bridge(gate));
  const points = left.map((key): ChartNode => ({ key, kind: 'gate', lines: [], isCritical: false }));
  return { nodes: [...nodes, ...points], arrows: arrows.list.map(shortened) };
}

/** Those of all targets are one, as jobs are. */
function gateKeys({ jobs }: Plan): ReadonlyMap<number, string> {
  const byUnion = new Map<number | undefined, Job>();
  return new Map(
    jobs.filter(isGate).map((gate) => {
      const first = gate.union === undefined ? gate : (byUnion.get(gate.union) ?? gate);
      byUnion.set(gate.union, first);
      return [gate.id, `g${first.id}`];
    }),
  );
}

function linesOf(edge: Edge): readonly string[] {
  const text = edgeText(edge);
  return PLAIN.has(text) ? [] : [text];
}

function shortened(arrow: Arrow): Arrow {
  const more = arrow.lines.length - MOST_LINES;
  return more > 0 ? { ...arrow, lines: [...arrow.lines.slice(0, MOST_LINES), `and ${more} more`] } : arrow;
}

/** One from each node to each other at most. */
class Arrows {
  readonly #out = new Map<string, Map<string, Arrow>>();
  readonly #in = new Map<string, Set<string>>();

  get list(): readonly Arrow[] {
    return [...this.#out.values()].flatMap((arrows) => [...arrows.values()]);
  }

  add(arrow: Arrow): void {
    const { from, to } = arrow;
    if (from === to) return;
    const out = this.#out.get(from) ?? new Map<string, Arrow>();
    const known = out.get(to);
    out.set(to, known === undefined ? arrow : merged(known, arrow));
    this.#out.set(from, out);
    this.#in.set(to, (this.#in.get(to) ?? new Set()).add(from));
  }

  /** Leads past a gate that saves no arrows. False: it does, and stays. */
  bridge(gate: string): boolean {
    const into = [...(this.#in.get(gate) ?? [])];
    const away = [...(this.#out.get(gate)?.values() ?? [])];
    if (into.length * away.length > into.length + away.length) return false;
    for (const from of into) {
      const arrow = this.#out.get(from)?.get(gate);
      this.#out.get(from)?.delete(gate);
      for (const next of away) if (arrow !== undefined) this.add({ ...arrow, to: next.to });
    }
    for (const { to } of away) this.#in.get(to)?.delete(gate);
    this.#out.delete(gate);
    return true;
  }
}

function merged(one: Arrow, other: Arrow): Arrow {
  const kind = one.kind === 'needs' ? 'needs' : other.kind;
  return { ...one, kind, lines: [...new Set([...one.lines, ...other.lines])] };
}

const PLAIN: ReadonlySet<string> = new Set(['written order', 'barrier']);
const MOST_LINES = 3;
