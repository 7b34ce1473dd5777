import { isGate, type Alone, type Job } from '../../model/job.js';
import type { Place } from '../../model/place.js';
import type { Edge } from '../../model/plan.js';
import type { Script } from '../../model/script.js';
import { CHANGES_NEXT_SESSION, type Analysis, type StatementFound } from '../accesses/analysis.js';
import type { ScriptSession } from '../accesses/script-session.js';
import type { Catalog } from '../catalog/catalog.js';
import type { PlanOptions } from '../options.js';
import type { Part, PlanGraph } from '../plan-graph.js';
import { addGroup, addLive } from '../script-part.js';
import { AccessSet } from '../accesses/access-set.js';
import { splittable } from './auto-split.js';
import { FileOrder } from './file-order.js';
import { Frontier, isNeed, type Wait } from './frontier.js';
import { nodesOf, touchedBy, type Node } from './nodes.js';

/**
 * `--order auto`: scripts → jobs, and the edges that keep the database what the written order makes it.
 *
 * Nodes (nodes.ts) are added in the written order; the frontier tells whom each waits for. A node that runs alone waits for all
 * before it, and all behind it wait for it. Behind one whose effect on the catalog is not known (opaque) the edges are a guess:
 * once it is done, `replan` finds them again, with the catalog as it is then. The jobs stay the same.
 */
export class AutoPlan {
  /** Statements that --auto-split would split. */
  readonly splittable: Place[] = [];
  readonly #graph: PlanGraph;
  readonly #analysis: Analysis;
  readonly #options: PlanOptions;
  readonly #placed: Placed[] = [];
  /** Jobs behind which edges are found anew. */
  readonly #opaque = new Set<number>();
  readonly #frontier: Frontier;
  readonly #fileOrder = new FileOrder();
  /** How many statements so far may have changed what sessions begin with. */
  #beginnings = 0;
  #lastKey = '';

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
    let hasOpaque = false;
    // What stands behind an opaque barrier may do more by then, a new trigger's work: it is not split.
    let isGuess = this.#opaque.size > 0;
    for (const statement of script.statements) {
      const one = analysis.statement(statement);
      found.push(isGuess ? withoutSeries(one) : one);
      isGuess ||= one.alone?.isOpaque === true;
      hasOpaque ||= one.alone?.isOpaque === true;
      // Behind an opaque barrier the script is looked at again, from here on.
      if (hasOpaque && !analysis.isInBlock) sessions.set(statement.index, analysis.session);
    }
    const parts: Part[] = [];
    if (script.live !== undefined) parts.push(this.#place(this.#liveNode(script), analysis.session));
    else
      for (const node of nodesOf({ script, found }, analysis, this.#options)) {
        const last = node.units.at(-1)?.statements.at(-1)?.index ?? 0;
        this.splittable.push(...node.units.flatMap((unit) => splittable(unit, found, this.#options)));
        parts.push(this.#place(node, sessions.get(last) ?? analysis.session));
      }
    analysis.endScript();
    return this.#graph.sideBySide(parts);
  }

  /** What stands right behind a barrier is opaque too: there is no need to look at the catalog yet. */
  isFollowedByOpaque(barrier: number): boolean {
    const next = this.#placed[this.#indexOf(barrier) + 1];
    return next === undefined || this.#alone(next)?.isOpaque === true;
  }

  isOpaque(job: number): boolean {
    return this.#opaque.has(job);
  }

  /**
   * The edges among the jobs behind a barrier, found anew with the catalog that it left; undefined: with what was known. They
   * are found up to the next opaque barrier, for which all behind it wait: then there will be another catalog.
   */
  replan(barrier: number, fresh: Fresh | undefined): readonly Edge[] {
    const at = this.#indexOf(barrier);
    const from = this.#placed[at];
    if (from === undefined) return [];
    const { catalog } = fresh ?? this.#analysis;
    if (fresh !== undefined) this.#analysis.resume(fresh.catalog, { ...fresh, session: from.session });
    const frontier = new Frontier({
      label: (resource) => catalog.resources.label(resource),
      gate: undefined,
    });
    const edges: Edge[] = [];
    let last: number | undefined;
    const walk = new Walk(this.#analysis, from.node.script);
    const fileOrder = new FileOrder();
    for (const placed of this.#placed.slice(at + 1)) {
      edges.push(...placed.inner);
      const [exit = 0] = placed.part.exits;
      if (last !== undefined) {
        edges.push(...edgesTo(placed.part.entries, [{ on: last }], undefined));
        continue;
      }
      const touched = fresh === undefined ? placed.node : walk.look(placed.node);
      const { alone } = touched;
      const found = alone === undefined ? frontier.waits(touched.accesses) : frontier.waitsOfBarrier();
      const waits = fileOrder.waits(placed.node.script, found, alone !== undefined);
      edges.push(...edgesTo(placed.part.entries, waits, alone));
      this.#remember(exit, alone);
      if (alone === undefined) frontier.add(exit, touched.accesses, found);
      else frontier.addBarrier(exit);
      fileOrder.add(exit, { found, waits, isAlone: alone !== undefined });
      if (alone?.isOpaque !== true) continue;
      if (fresh !== undefined) placed.session = this.#analysis.session;
      last = exit;
    }
    return edges;
  }

  #indexOf(barrier: number): number {
    return this.#placed.findIndex(({ part }) => part.exits.includes(barrier));
  }

  #alone({ part, node }: Placed): Alone | undefined {
    return part.exits.some((job) => this.#opaque.has(job)) ? node.alone : undefined;
  }

  #remember(job: number, alone: Alone | undefined): void {
    if (alone?.isOpaque === true) this.#opaque.add(job);
    else this.#opaque.delete(job);
  }

  #place(node: Node, session: ScriptSession): Part {
    const frontier = this.#frontier;
    const found = node.alone === undefined ? frontier.waits(node.accesses) : frontier.waitsOfBarrier();
    const waits = this.#fileOrder.waits(node.script, found, node.alone !== undefined);
    const { part, inner } = this.#jobs(node, waits);
    for (const edge of [...edgesTo(part.entries, waits, node.alone), ...inner]) this.#graph.connect(edge);
    const [exit] = part.exits;
    if (exit === undefined) return part;
    if (node.alone === undefined) frontier.add(exit, node.accesses, found);
    else frontier.addBarrier(exit);
    this.#fileOrder.add(exit, { found, waits, isAlone: node.alone !== undefined });
    if (changesBeginnings(node)) this.#beginnings += 1;
    this.#remember(exit, node.alone);
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
    for (const id of own.entries) this.#mark(id, node);
    const inner: Edge[] = own.entries.flatMap((to) => (front === undefined ? [] : [order(front, to)]));
    const entries = front === undefined ? own.entries : [front];
    if (own.exits.length <= 1)
      return { part: { entries, exits: own.exits.length === 0 && first < 0 ? [] : own.exits }, inner };
    const back = this.#gate([]);
    inner.push(...own.exits.map((from) => order(from, back)));
    return { part: { entries, exits: [back] }, inner };
  }

  #mark(id: number, { alone, leaves, isSmall, script, units }: Node): void {
    const job: Job | undefined = this.#graph.jobs[id];
    if (job === undefined || isGate(job)) return;
    const { singleTransaction, snapshot } = this.#options;
    const isShared = leaves === 'nothing' && !singleTransaction && !snapshot;
    const session = isShared ? this.#sessionKey(script, units[0]?.context.length ?? 0) : undefined;
    this.#graph.jobs[id] = {
      ...job,
      ...(alone === undefined ? {} : { alone }),
      ...(leaves === 'unknown' ? { spoils: true } : {}),
      ...(leaves === 'unknown' || leaves === 'things' ? { holds: true } : {}),
      ...(session === undefined ? {} : { session }),
      // Small ones of all scripts that may share a session may share a message.
      ...(session !== undefined && isSmall && isPlain(job) ? { batch: session } : {}),
    };
  }

  /**
   * Jobs that leave nothing in their session may follow each other in one: those of all scripts while they stand in no context
   * of their own, as long as sessions begin with the same settings of role and database.
   */
  #sessionKey(script: Script, context: number): string {
    const key = context === 0 ? `session new ${this.#beginnings}` : `session ${script.id} ${context}`;
    // Jobs that share a key share its text.
    if (this.#lastKey !== key) this.#lastKey = key;
    return this.#lastKey;
  }

  #liveNode(script: Script): Node {
    const accesses = this.#analysis.sets.finish(new AccessSet());
    return { script, units: [], accesses, alone: LIVE, leaves: 'things', isSmall: false };
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
    // What fails before it is passed on; whether it counts is said by the edge behind it.
    for (const edge of edgesTo([gate], waits, undefined)) this.#graph.connect({ ...edge, kind: 'needs' });
    return gate;
  }
}

function withoutSeries({ accesses, alone, ties }: StatementFound): StatementFound {
  return { accesses, ...(alone === undefined ? {} : { alone }), ties };
}

/** A catalog that was just read, and the search_path that sessions begin with now. */
export interface Fresh {
  readonly catalog: Catalog;
  readonly startPath: readonly string[];
}

interface Placed {
  readonly node: Node;
  readonly part: Part;
  /** Between its gates and its pieces. */
  readonly inner: readonly Edge[];
  /** After it, if it is opaque. */
  session: ScriptSession;
}

/** The statements of nodes looked at again, one node after another. */
class Walk {
  readonly #analysis: Analysis;
  #script: Script;
  #found: StatementFound[] = [];

  constructor(analysis: Analysis, script: Script) {
    this.#analysis = analysis;
    this.#script = script;
  }

  look(node: Node): Pick<Node, 'accesses' | 'alone'> {
    if (node.script !== this.#script) {
      this.#analysis.endScript();
      this.#analysis.beginScript();
      this.#script = node.script;
      this.#found = [];
    }
    if (node.script.live !== undefined) return node;
    const statements = node.units.flatMap((unit) => unit.statements);
    for (const statement of statements) this.#found[statement.index] = this.#analysis.statement(statement);
    return touchedBy(statements, this.#found, this.#analysis);
  }
}

/** Not a piece of a split: those share what is prepared for them. */
function isPlain({ batch, piece }: Job): boolean {
  return batch !== undefined && piece === undefined;
}

function changesBeginnings({ alone, units }: Node): boolean {
  return (
    alone?.isOpaque === true ||
    units.some(({ statements }) => statements.some(({ facts }) => CHANGES_NEXT_SESSION.has(facts.node)))
  );
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
    waits.map(({ on, conflict, isByFile }): Edge => {
      if (isByFile === true) return { from: on, to, kind: 'order', reason: 'file order=sequential' };
      if (conflict === undefined)
        return { from: on, to, kind: 'order', reason: alone === undefined ? 'it ran alone' : 'runs alone' };
      return { from: on, to, kind: isNeed(conflict) ? 'needs' : 'order', conflict };
    }),
  );
}

function order(from: number, to: number): Edge {
  return { from, to, kind: 'needs', reason: 'pieces of one split' };
}
