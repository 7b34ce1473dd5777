import { isGate, type Alone, type Job } from '../../model/job.js';
import type { Place } from '../../model/place.js';
import type { Edge } from '../../model/plan.js';
import type { Script } from '../../model/script.js';
import { CHANGES_NEXT_SESSION, type Analysis, type StatementFound } from '../accesses/analysis.js';
import type { ScriptSession } from '../accesses/script-session.js';
import { contextKey } from '../context.js';
import type { PlanOptions } from '../options.js';
import type { Part, PlanGraph } from '../plan-graph.js';
import { addGroup, addLive } from '../script-part.js';
import { AccessSet } from '../accesses/access-set.js';
import { splittable } from './auto-split.js';
import { FileOrder } from './file-order.js';
import { Behind } from './behind.js';
import { edgesTo } from './edges-to.js';
import { Frontier, type Wait } from './frontier.js';
import { Loads } from './loads.js';
import { nodesOf, type Node } from './nodes.js';

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
  /** What stands behind opaque barriers, once there is more to know. */
  readonly behind: Behind;
  readonly #frontier: Frontier;
  readonly #fileOrder = new FileOrder();
  readonly #loads = new Loads();
  /** Tables may have other defaults and rules than the catalog knows: no INSERT is certain to draw. */
  #isDoubtful = false;
  /** How many statements so far may have changed what sessions begin with. */
  #beginnings = 0;
  #lastKey = '';

  constructor(graph: PlanGraph, analysis: Analysis, options: PlanOptions) {
    this.#graph = graph;
    this.#analysis = analysis;
    this.#options = options;
    this.behind = new Behind(analysis);
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
    let isGuess = this.behind.hasOpaque;
    for (const statement of script.statements) {
      const one = analysis.statement(statement);
      found.push(withoutGuess(one, { isGuess, isDoubtful: this.#isDoubtful }));
      isGuess ||= one.alone?.isOpaque === true;
      this.#isDoubtful ||= one.alone?.isOpaque === true && statement.facts.node !== 'CreateExtensionStmt';
      // Behind an opaque barrier the script is looked at again, from here on.
      hasOpaque ||= one.alone?.isOpaque === true;
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

  #place(node: Node, session: ScriptSession): Part {
    const frontier = this.#frontier;
    const found = node.alone === undefined ? frontier.waits(node.accesses) : frontier.waitsOfBarrier();
    const waits = this.#fileOrder.waits(node.script, found, node.alone !== undefined);
    const { part, inner } = this.#jobs(node, waits);
    for (const edge of edgesTo(part.entries, waits, node.alone)) this.#graph.connect(edge);
    for (const edge of inner) this.#graph.connect(edge);
    const [exit] = part.exits;
    if (exit === undefined) return part;
    if (node.alone === undefined) frontier.add(exit, node.accesses, found);
    else frontier.addBarrier(exit);
    this.#fileOrder.add(exit, { found, waits, isAlone: node.alone !== undefined });
    if (changesBeginnings(node)) this.#beginnings += 1;
    this.behind.add({ node, part, inner, session }, exit);
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
    for (let id = first; id < this.#graph.jobs.length; id++) this.#mark(id, node);
    this.#weigh(first, node);
    const back = own.exits.length > 1 ? this.#gate([]) : undefined;
    if (front === undefined && back === undefined) return { part: own, inner: own.inner ?? NO_EDGES };
    const inner: Edge[] = [...(own.inner ?? NO_EDGES)];
    if (front !== undefined) inner.push(...own.entries.map((to) => order(front, to)));
    if (back !== undefined) inner.push(...own.exits.map((from) => order(from, back)));
    const part = {
      entries: front === undefined ? own.entries : [front],
      exits: back === undefined ? own.exits : [back],
    };
    return { part, inner };
  }

  /** Jobs of a node, from the first one on. A step weighs one; what is beyond that are the rows that it brings. */
  #weigh(first: number, { accesses, units }: Node): void {
    const jobs = this.#graph.jobs.slice(first);
    const brought = jobs.reduce((sum, { weight, steps }) => sum + Math.max(0, weight - steps.length), 0);
    if (brought > 0) this.#loads.add(accesses, brought);
    const statements = units.flatMap((unit) => unit.statements);
    const over = this.#loads.weightOver(accesses, statements);
    const [job] = jobs;
    if (over > 0 && job !== undefined) this.#graph.jobs[first] = { ...job, weight: job.weight + over };
  }

  #mark(id: number, { alone, leaves, isSmall, together, sharesMessage, script, units }: Node): void {
    const job: Job | undefined = this.#graph.jobs[id];
    if (job === undefined || isGate(job)) return;
    const { singleTransaction, snapshot } = this.#options;
    const marked: { -readonly [Key in keyof Job]: Job[Key] } = { ...job };
    if (alone !== undefined) marked.alone = alone;
    if (together !== undefined && job.steps.length > 1) marked.together = together;
    if (leaves === 'unknown') marked.spoils = true;
    if (leaves === 'unknown' || leaves === 'things') marked.holds = true;
    if (sharesMessage) marked.sharesMessage = true;
    if (leaves === 'nothing' && !singleTransaction && !snapshot) {
      marked.session = this.#sessionKey(script, contextKey(units[0]?.context ?? []));
      // Small ones of all scripts that may share a session may share a message.
      if (isSmall && isPlain(job)) marked.batch = marked.session;
    }
    this.#graph.jobs[id] = marked;
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
    return {
      script,
      units: [],
      accesses,
      alone: LIVE,
      leaves: 'things',
      isSmall: false,
      sharesMessage: false,
    };
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

/** What it would be wrong to rest on. */
function withoutGuess(
  found: StatementFound,
  { isGuess, isDoubtful }: { readonly isGuess: boolean; readonly isDoubtful: boolean },
): StatementFound {
  if (!isGuess) return found;
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
  const { series: _series, sequences, ...rest } = found;
  if (sequences === undefined) return rest;
  const { drawn, asked } = sequences;
  return { ...rest, sequences: isDoubtful ? { drawn, asked, certain: NO_DRAWS } : sequences };
}

const NO_DRAWS: ReadonlySet<number> = new Set();

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

const NO_EDGES: readonly Edge[] = [];

function order(from: number, to: number): Edge {
  return { from, to, kind: 'needs', reason: 'pieces of one split' };
}
