import type { Alone, Job } from '../../model/job.js';
import type { Edge } from '../../model/plan.js';
import type { Script } from '../../model/script.js';
import type { Analysis, StatementFound } from '../accesses/analysis.js';
import type { ScriptSession } from '../accesses/script-session.js';
import type { Catalog } from '../catalog/catalog.js';
import type { PlanOptions } from '../options.js';
import type { Part, PlanGraph } from '../plan-graph.js';
import { addGroup, addLive } from '../script-part.js';
import { AccessSet } from '../accesses/access-set.js';
import { Frontier, type Wait } from './frontier.js';
import { nodesOf, touchedBy, type Node } from './nodes.js';

/**
 * `--order auto`: scripts → jobs, and the edges that keep the database what the written order makes it.
 *
 * Nodes (nodes.ts) are added in the written order; the frontier tells whom each waits for. A node that runs alone waits for all
 * before it, and all behind it wait for it. Behind one whose effect on the catalog is not known (opaque) the edges are a guess:
 * once it is done, `replan` finds them again, with the catalog as it is then. The jobs stay the same.
 */
export class AutoPlan {
  readonly #graph: PlanGraph;
  readonly #analysis: Analysis;
  readonly #options: PlanOptions;
  readonly #placed: Placed[] = [];
  readonly #frontier: Frontier;

  constructor(graph: PlanGraph, analysis: Analysis, options: PlanOptions) {
    this.#graph = graph;
    this.#analysis = analysis;
    this.#options = options;
    this.#frontier = new Frontier({
      label: (resource) => analysis.catalog.resources.label(resource),
      gate: (waits) => this.#gate(waits),
    });
  }

  add(script: Script): Part {
    const analysis = this.#analysis;
    analysis.beginScript();
    const sessions = new Map<number, ScriptSession>();
    const found: StatementFound[] = [];
    for (const statement of script.statements) {
      const one = analysis.statement(statement);
      found.push(one);
      if (one.alone?.isOpaque === true) sessions.set(statement.index, analysis.session);
    }
    const parts: Part[] = [];
    if (script.live !== undefined) parts.push(this.#place(this.#liveNode(script), analysis.session));
    else
      for (const node of nodesOf({ script, found }, analysis, this.#options)) {
        const last = node.units.at(-1)?.statements.at(-1)?.index ?? 0;
        const opaque = [...sessions.keys()].filter((at) => at <= last).at(-1) ?? -1;
        parts.push(this.#place(node, sessions.get(opaque) ?? analysis.session));
      }
    analysis.endScript();
    return this.#graph.sideBySide(parts);
  }

  /**
   * The edges among the jobs behind a barrier, found anew with the catalog that it left, and what runs alone among them now.
   */
  replan(barrier: number, catalog: Catalog, startPath: readonly string[]): Replan {
    const at = this.#placed.findIndex(({ part }) => part.exits.includes(barrier));
    const from = this.#placed[at];
    if (from === undefined) return { edges: [], alone: new Map() };
    this.#analysis.resume(catalog, { startPath, session: from.session });
    const frontier = new Frontier({
      label: (resource) => catalog.resources.label(resource),
      gate: undefined,
    });
    const edges: Edge[] = [];
    const alone = new Map<number, Alone | undefined>();
    let script = from.node.script;
    let found: StatementFound[] = [];
    for (const placed of this.#placed.slice(at + 1)) {
      const { node, part } = placed;
      if (node.script !== script) {
        this.#analysis.endScript();
        this.#analysis.beginScript();
        script = node.script;
        found = [];
      }
      const statements = node.units.flatMap((unit) => unit.statements);
      for (const statement of statements) found[statement.index] = this.#analysis.statement(statement);
      const touched = node.script.live === undefined ? touchedBy(statements, found, this.#analysis) : node;
      if (touched.alone?.isOpaque === true) placed.session = this.#analysis.session;
      for (const job of part.exits) alone.set(job, touched.alone);
      const waits =
        touched.alone === undefined ? frontier.waits(touched.accesses) : frontier.waitsOfBarrier();
      edges.push(...edgesTo(part.entries, waits, touched.alone), ...placed.inner);
      const [exit = 0] = part.exits;
      if (touched.alone === undefined) frontier.add(exit, touched.accesses, waits);
      else frontier.addBarrier(exit);
    }
    return { edges, alone };
  }

  #place(node: Node, session: ScriptSession): Part {
    const frontier = this.#frontier;
    const waits = node.alone === undefined ? frontier.waits(node.accesses) : frontier.waitsOfBarrier();
    const { part, inner } = this.#jobs(node, waits);
    for (const edge of [...edgesTo(part.entries, waits, node.alone), ...inner]) this.#graph.connect(edge);
    const [exit] = part.exits;
    if (exit === undefined) return part;
    if (node.alone === undefined) frontier.add(exit, node.accesses, waits);
    else frontier.addBarrier(exit);
    this.#placed.push({ node, part, inner, session });
    return part;
  }

  /** One job, or the pieces of a split between a gate in front and one behind. */
  #jobs(node: Node, waits: readonly Wait[]): { readonly part: Part; readonly inner: readonly Edge[] } {
    const { script, units } = node;
    const input = { script, units, options: this.#options };
    const first = this.#graph.jobs.length;
    const isSplit = units.some(({ statements }) =>
      statements.some(({ directives }) => directives.split !== undefined),
    );
    const front = isSplit && waits.length > 1 ? this.#gate([]) : undefined;
    const own =
      script.live === undefined
        ? addGroup(this.#graph, input, units)
        : addLive(this.#graph, input, script.live);
    for (const id of own.entries) this.#mark(id, node.alone);
    const inner: Edge[] = own.entries.flatMap((to) => (front === undefined ? [] : [order(front, to)]));
    const entries = front === undefined ? own.entries : [front];
    if (own.exits.length <= 1)
      return { part: { entries, exits: own.exits.length === 0 && first < 0 ? [] : own.exits }, inner };
    const back = this.#gate([]);
    inner.push(...own.exits.map((from) => order(from, back)));
    return { part: { entries, exits: [back] }, inner };
  }

  #mark(id: number, alone: Alone | undefined): void {
    const job: Job | undefined = this.#graph.jobs[id];
    if (job !== undefined && alone !== undefined) this.#graph.jobs[id] = { ...job, alone };
  }

  #liveNode(script: Script): Node {
    const accesses = this.#analysis.sets.finish(new AccessSet());
    return { script, units: [], accesses, alone: LIVE };
  }

  #gate(waits: readonly Wait[]): number {
    const gate = this.#graph.add({
      name: 'gate',
      script: undefined,
      steps: [],
      transaction: 'each',
      context: [],
      weight: 0,
    });
    for (const edge of edgesTo([gate], waits, undefined)) this.#graph.connect(edge);
    return gate;
  }
}

export interface Replan {
  readonly edges: readonly Edge[];
  /** By job: why it runs alone now; undefined: it does not. */
  readonly alone: ReadonlyMap<number, Alone | undefined>;
}

interface Placed {
  readonly node: Node;
  readonly part: Part;
  /** Between its gates and its pieces. */
  readonly inner: readonly Edge[];
  /** After it, if it is opaque. */
  session: ScriptSession;
}

const LIVE: Alone = {
  reason: 'what it does depends on the results of its own queries',
  isOpaque: true,
};

function edgesTo(
  entries: readonly number[],
  waits: readonly Wait[],
  alone: Alone | undefined,
): readonly Edge[] {
  return entries.flatMap((to) =>
    waits.map(({ on, conflict }): Edge => {
      if (conflict === undefined)
        return { from: on, to, kind: 'order', reason: alone === undefined ? 'it ran alone' : 'runs alone' };
      const reason = `${conflict.object}: ${conflict.from}, then ${conflict.to}`;
      return { from: on, to, kind: 'needs', reason, conflict };
    }),
  );
}

function order(from: number, to: number): Edge {
  return { from, to, kind: 'needs', reason: 'pieces of one split' };
}
