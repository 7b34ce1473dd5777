import type { Edge } from '../../model/plan.js';
import type { Script, Statement } from '../../model/script.js';
import type { Alone } from '../../model/job.js';
import type { Analysis, StatementFound } from '../accesses/analysis.js';
import type { ScriptSession } from '../accesses/script-session.js';
import type { Catalog } from '../catalog/catalog.js';
import type { Part } from '../plan-graph.js';
import { edgesTo } from './edges-to.js';
import { FileOrder } from './file-order.js';
import { Frontier } from './frontier.js';
import { touchedBy, type Node } from './nodes.js';

/**
 * The edges behind an opaque barrier, found once it is done. There are two ways:
 *
 * - `replan` looks at the statements again, with the catalog as it is then, up to the next opaque barrier.
 * - `inOrder` lets them run one by one in the written order. That is always right, and costs nothing: to read the catalog takes
 *   as long as many small statements, and hardly any of them gain by overlapping. After each of them there may be a `replan`.
 *
 * What a session has become by what was run in order is found by looking at these statements again, too, with the catalog that
 * is there now. Where code may have been in it that is another by now, the search_path is unknown for the rest of the script.
 */
export class Behind {
  readonly #analysis: Analysis;
  readonly #placed: Placed[] = [];
  /** Indexes of what is placed, by the job that it ends with. */
  readonly #indexes = new Map<number, number>();
  /** Jobs behind which edges are found anew. */
  readonly #opaque = new Set<number>();
  /** Index of the barrier behind which all is run in order; its session is known. */
  #inOrderFrom: number | undefined;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  /** `exit`: the job that it ends with. */
  add(placed: Placed, exit: number): void {
    this.#indexes.set(exit, this.#placed.length);
    this.#placed.push(placed);
    this.#remember(exit, placed.node.alone);
  }

  get hasOpaque(): boolean {
    return this.#opaque.size > 0;
  }

  /** Edges behind it may be found anew when it is done. */
  isOpaque(job: number): boolean {
    return this.#inOrderFrom !== undefined || this.#opaque.has(job);
  }

  /** What comes behind a barrier, as far as it is known; undefined: nothing, or it is a piece of a split. */
  next(barrier: number): Next | undefined {
    const at = this.#indexes.get(barrier);
    const next = at === undefined ? undefined : this.#placed[at + 1];
    if (next === undefined) return undefined;
    const { node, part } = next;
    return {
      isOpaque: part.exits.some((exit) => this.#opaque.has(exit)),
      mayTakeLong: node.units.some(({ statements }) => statements.some(({ facts }) => HEAVY.has(facts.node))),
    };
  }

  /** Edges by which all behind a barrier is run one by one; undefined: it is already. */
  inOrder(barrier: number): readonly Edge[] | undefined {
    const at = this.#indexes.get(barrier);
    if (at === undefined || this.#inOrderFrom !== undefined) return undefined;
    this.#inOrderFrom = at;
    const edges: Edge[] = [];
    let before: readonly number[] = [];
    for (const { part, inner } of this.#placed.slice(at + 1)) {
      edges.push(...inner);
      for (const from of before)
        for (const to of part.entries) edges.push({ from, to, kind: 'order', reason: 'the written order' });
      before = part.exits;
    }
    return edges;
  }

  /**
   * The edges among the jobs behind a barrier, found anew with the catalog that it left; undefined: with what was known. They
   * are found up to the next opaque barrier, for which all behind it wait: then there will be another catalog.
   */
  replan(barrier: number, fresh: Fresh | undefined): readonly Edge[] {
    const at = this.#indexes.get(barrier) ?? -1;
    const from = this.#placed[at];
    if (from === undefined) return [];
    const { catalog } = fresh ?? this.#analysis;
    if (fresh !== undefined)
      this.#analysis.resume(catalog, {
        startPath: fresh.startPath,
        session: this.#inOrderFrom === undefined ? from.session : this.#sessionBehind(at, fresh),
      });
    this.#inOrderFrom = undefined;
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

  /** The session behind what is placed at an index, and was run in order. */
  #sessionBehind(at: number, { again, startPath }: Fresh): ScriptSession {
    const analysis = this.#analysis;
    const begun = this.#placed[this.#inOrderFrom ?? at];
    const script = this.#placed[at]?.node.script;
    if (begun === undefined || script === undefined) throw new RangeError(`nothing is placed at ${at}`);
    analysis.resume(again(), { startPath, session: begun.session });
    if (begun.node.script !== script) analysis.beginScript();
    const run = this.#placed
      .slice((this.#inOrderFrom ?? at) + 1, at + 1)
      .filter(({ node }) => node.script === script)
      .flatMap(({ node }) => node.units.flatMap(({ statements }) => statements));
    let hasRunCode = false;
    let isLost = false;
    for (const statement of run) {
      const { alone, accesses, leavesSession = false } = analysis.statement(statement);
      const { node } = statement.facts;
      const { catalog } = analysis;
      const isUnknown = alone?.isOpaque === true && !leavesSession;
      isLost ||= RUNS_CODE.has(node) && isUnknown;
      const mayBeOther = node === 'CreateFunctionStmt' || catalog.undecided.size > 0;
      isLost ||= hasRunCode && (isUnknown || mayBeOther);
      const mayRunCode = RUNS_CODE.has(node) || node === 'AlterTableStmt' || catalog.hasEventTriggers;
      hasRunCode ||= mayRunCode && accesses.resources.some((id) => catalog.routine(id) !== undefined);
    }
    const session = analysis.session.copy();
    if (isLost) session.losePath();
    return session;
  }

  #remember(job: number, alone: Alone | undefined): void {
    if (alone?.isOpaque === true) this.#opaque.add(job);
    else this.#opaque.delete(job);
  }
}

export interface Next {
  readonly isOpaque: boolean;
  /** It moves rows, or runs anything. */
  readonly mayTakeLong: boolean;
}

/** A catalog that was just read, and the search_path that sessions begin with now. */
export interface Fresh {
  readonly catalog: Catalog;
  /** Another one, of the same rows. */
  readonly again: () => Catalog;
  readonly startPath: readonly string[];
}

export interface Placed {
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
    const statements = node.units.flatMap((unit): readonly Statement[] => unit.statements);
    for (const statement of statements) this.#found[statement.index] = this.#analysis.statement(statement);
    return touchedBy(statements, this.#found, this.#analysis);
  }
}

/** libpg-query's names: statements that query, write rows, or call what somebody wrote. */
const MOVES_ROWS = [
  ...['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt', 'CallStmt', 'DoStmt'],
  ...['ExecuteStmt', 'CreateTableAsStmt', 'RefreshMatViewStmt', 'IndexStmt'],
];
/** They may call functions, and fire triggers. */
const RUNS_CODE: ReadonlySet<string> = new Set([...MOVES_ROWS, 'TruncateStmt', 'FetchStmt']);
/** They are as long as there are rows, or as somebody's code wants. */
const HEAVY: ReadonlySet<string> = new Set([...MOVES_ROWS, 'VacuumStmt', 'ReindexStmt']);
