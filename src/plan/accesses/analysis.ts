import { resolve } from 'node:path';
import type { Node } from 'libpg-query';
import type { Alone, SlotValues } from '../../model/job.js';
import { isOfRecords, type Statement } from '../../model/script.js';
import { recordValues } from '../../script/records/values.js';
import type { Parser } from '../../script/syntax.js';
import { NO_DIRECTIVES } from '../../script/statement-directives.js';
import { renderTemplate } from '../../script/template.js';
import { nodeName } from '../../script/tree.js';
import type { Catalog } from '../catalog/catalog.js';
import { AccessSet, AccessSets, type Accesses } from './access-set.js';
import { BARRIERS, WITHOUT_EVENTS } from './families/barriers.js';
import { useRoleNamed } from './families/roles.js';
import type { Rule, StatementKind } from './families/rule.js';
import { RULES } from './families/rules.js';
import { setByConfig } from './families/session.js';
import { RoutineTexts } from './routine-texts.js';
import { addSaid } from './said.js';
import type { FollowSettings } from './following.js';
import { Scope } from './scope.js';
import { markCertain } from './certain-draws.js';
import type { SequencesFound } from './sequences.js';
import { sharesMessage } from './shares-message.js';
import { MAY_HAVE_SERIES, seriesOf, type Series } from './series.js';
import { ScriptSession } from './script-session.js';
import { NO_TIES, Touch, type SessionTie } from './touch.js';

/**
 * Statements, one after another in the written order → what each touches. The symbolic catalog and the session of the script
 * go along: a statement is looked at in the state that those before it leave.
 *
 * It does not know jobs, nor which statements may overlap.
 */
export interface StatementFound {
  readonly accesses: Accesses;
  readonly alone?: Alone;
  readonly ties: ReadonlySet<SessionTie>;
  /** Undefined: it neither draws nor asks. */
  readonly sequences?: SequencesFound;
  /** It is opaque for what it makes alone; the search_path, as all of the session, is known behind it. */
  readonly leavesSession?: boolean;
  /** It may be cut into pieces of this series. */
  readonly series?: Series;
  /** It may stand in one message with others (shares-message.ts). */
  readonly sharesMessage?: true;
}

/** `mindsRefusal`: --keep-going; `strictOrder`: --strict-order. */
export interface AnalysisOptions extends Omit<FollowSettings, 'path' | 'isReplica'> {
  /** The search_path that a session begins with. */
  readonly startPath: readonly string[];
  /** What each connection runs first (--init-sql). */
  readonly initSql?: string;
  /** Who connects: what `"$user"` stands for. */
  readonly user: string;
  /** What has been done before the catalog was read. */
  readonly isDone?: (statement: Statement) => boolean;
  /** Indirect paths that are not followed: for tests that want to see them missed. */
  readonly switches?: ReadonlySet<string>;
}

export class Analysis {
  catalog: Catalog;
  readonly sets = new AccessSets();
  readonly #parser: Parser;
  #options: AnalysisOptions;
  readonly #texts: RoutineTexts;
  #session: ScriptSession;
  /** What was found of statements of the same shape, by the state of the session, while the catalog stays as it is. */
  readonly #memory = new Map<string, Map<string, StatementFound>>();
  #remembers: Catalog | undefined;
  #generation = -1;

  constructor(parser: Parser, catalog: Catalog, options: AnalysisOptions) {
    this.#parser = parser;
    this.catalog = catalog;
    this.#options = options;
    this.#texts = new RoutineTexts(parser);
    this.#session = new ScriptSession(options.startPath);
  }

  beginScript(): void {
    this.#session = new ScriptSession(this.#options.startPath);
    this.#init();
  }

  /** The search_path and the role that --init-sql sets are in force in every script. */
  #init(): void {
    const { initSql = '' } = this.#options;
    const parsed = initSql === '' ? undefined : this.#parser.parse(initSql);
    if (parsed?.kind !== 'parsed') return;
    const touch = new Touch(this.catalog);
    for (const node of parsed.nodes) this.#node(node, { isSetting: true, text: initSql }, touch);
    if (touch.session.has('unknown')) this.#session.losePath();
    if (!this.#session.isInBlock) this.catalog.forget();
  }

  get isInBlock(): boolean {
    return this.#session.isInBlock;
  }

  /** The session as it is now, to go on from later; not to be changed. */
  get session(): ScriptSession {
    return this.#session.now();
  }

  /** Goes on with another catalog, in the session of a script that has begun. */
  resume(
    catalog: Catalog,
    { startPath, session }: { readonly startPath: readonly string[]; readonly session: ScriptSession },
  ): void {
    this.catalog = catalog;
    this.#options = { ...this.#options, startPath };
    this.#session = session.copy();
  }

  /** Its session is over: what is left of a transaction goes back, temporary objects are gone. */
  endScript(): void {
    const mark = this.#session.rollback();
    if (mark !== undefined) this.catalog.undoTo(mark);
    for (const id of this.catalog.temporary()) this.catalog.remove(id);
    this.catalog.forget();
  }

  statement(statement: Statement): StatementFound {
    // What it did is in the catalog; what it set is not in the session.
    if (statement.facts.session !== 'setting' && this.#options.isDone?.(statement) === true)
      return { accesses: this.sets.finish(new AccessSet()), ties: NO_TIES };
    const shape = shapeOf(statement);
    if (shape === undefined) return this.#find(statement);
    const memory = this.#memoryNow();
    const known = memory.get(shape);
    if (known !== undefined) return known;
    const { generation } = this.catalog;
    const found = this.#find(statement);
    // Where a series begins and ends is not in the shape.
    const isRepeatable =
      this.catalog.generation === generation && !found.ties.has('unknown') && found.series === undefined;
    if (isRepeatable && !NAMES_IN_VALUES.test(shape)) memory.set(shape, found);
    return found;
  }

  /** Of statements that stand in the same session, on the same catalog, as the next one. */
  #memoryNow(): Map<string, StatementFound> {
    if (this.#remembers !== this.catalog || this.#generation !== this.catalog.generation) {
      this.#memory.clear();
      this.#remembers = this.catalog;
      this.#generation = this.catalog.generation;
    }
    const key = this.#session.key;
    const known = this.#memory.get(key) ?? new Map<string, StatementFound>();
    if (known.size === 0) this.#memory.set(key, known);
    return known;
  }

  #find(statement: Statement): StatementFound {
    const touch = new Touch(this.catalog, this.#options.switches);
    const { touches } = statement.directives;
    const isPathKnown = this.#session.path !== undefined;
    const before = this.#scope(touch);
    const looked = statement.echo === undefined ? this.#look(statement, touch) : undefined;
    if (touches !== undefined) addSaid(touches, before, isPathKnown);
    if (statement.facts.session === 'tied') touch.session.add('needs');
    // Of the values that its session has taken, perhaps.
    if (touch.unknown.length + touch.undecided.length > 0 && this.catalog.hasCaches)
      touch.session.add('needs');
    // What it changes is not in force in the sessions that have begun: the rest of the script needs its own.
    if (CHANGES_NEXT_SESSION.has(statement.facts.node)) touch.session.add('rest');
    if (touch.session.has('unknown')) this.#session.losePath();
    else if (touch.session.has('rest')) this.#session.isReplica = false;
    if (!this.#session.isInBlock) this.catalog.forget();
    const alone = aloneOf(touch);
    const { sequences } = touch;
    if (alone?.isOpaque === true) sequences.drawn.add('some');
    const series =
      looked && maySplit(statement, looked.text) ? seriesOf(looked.node, looked.text, before) : undefined;
    const isOneOfMany =
      looked !== undefined && sharesMessage(looked.node, nodeName(looked.node), this.#scope(touch));
    return {
      accesses: this.sets.finish(touch.accesses),
      ...(alone === undefined ? {} : { alone }),
      ties: touch.session.size === 0 ? NO_TIES : touch.session,
      ...(touch.unknown.length === 0 && touch.undecided.length > 0 ? { leavesSession: true } : {}),
      ...(sequences.isEmpty ? {} : { sequences }),
      ...(series === undefined ? {} : { series }),
      ...(isOneOfMany ? { sharesMessage: true } : {}),
    };
  }

  #schemaOf(name: string): string {
    return name === '$user' ? (this.#session.role ?? this.#options.user) : name;
  }

  /** What a statement is looked at with, in the session as it is now. */
  #scope(touch: Touch): Scope {
    const { path = [], isReplica } = this.#session;
    const settings = { ...this.#options, path: path.map((name) => this.#schemaOf(name)), isReplica };
    return new Scope({ catalog: this.catalog, touch, texts: this.#texts }, settings);
  }

  /** Gives the statement, where it is always the same one. */
  #look(statement: Statement, touch: Touch): OneNode | undefined {
    for (const { from, span } of statement.data ?? [])
      if ('path' in from && span === undefined) touch.named(`the file ${resolve(from.path)}`, 'read');
    if (statement.copyTo !== undefined) touch.named(`the file ${resolve(statement.copyTo)}`, 'write');
    const samples = samplesOf(statement);
    if (samples === undefined) touch.unknown.push('it is another statement for each of too many records');
    let only: OneNode | undefined;
    for (const values of samples ?? []) {
      const { text } = renderTemplate(statement.text, values);
      const parsed = this.#parser.parse(text);
      const isSetting = statement.facts.session === 'setting';
      if (parsed.kind === 'parsed') {
        for (const node of parsed.nodes) this.#node(node, { isSetting, text }, touch);
        const [node, second] = parsed.nodes;
        if (node === undefined || second !== undefined) continue;
        if (statement.directives.split === undefined) {
          markCertain(node, this.#scope(touch));
          only = { node, text };
        }
      } else {
        touch.unknown.push('it cannot be parsed');
        touch.session.add('unknown');
      }
    }
    return only;
  }

  #node(node: Node, { isSetting, text }: Looked, touch: Touch): void {
    const { path, role } = this.#session;
    const scope = this.#scope(touch);
    const kind = nodeName(node);
    if (path === undefined && !SETTERS.has(kind))
      touch.unknown.push('the search_path is known only when it runs');
    if (role !== undefined) {
      this.catalog.meetOthers();
      useRoleNamed(role, scope);
    }
    const rule = RULES[kind as StatementKind] as Rule<string> | undefined;
    const barrier = BARRIERS[kind];
    // The rule of a kind takes what stands under the kind's name.
    if (rule !== undefined) rule(Object.values(node)[0] as never, scope, this.#session);
    else if (barrier === undefined) touch.unknown.push(`${kind} has no rule`);
    else (barrier.isOpaque ? touch.unknown : touch.alone).push(barrier.reason);
    if (!WITHOUT_EVENTS.has(kind) && this.catalog.hasEventTriggers) scope.ddl();
    for (const id of this.catalog.takeReleased()) touch.add(id, 'use');
    // A plain SELECT of set_config() is replayed as a SET is: it ties nothing.
    if (text.includes('set_config') && setByConfig(node, this.#session) && isSetting) {
      touch.session.delete('rest');
      touch.session.delete('unknown');
    }
  }
}

/** Sessions that begin behind them begin with other settings. */
export const CHANGES_NEXT_SESSION: ReadonlySet<string> = new Set([
  'AlterDatabaseSetStmt',
  'AlterRoleSetStmt',
]);

interface Looked {
  /** Nothing but a setting: it is replayed where it is in force. */
  readonly isSetting: boolean;
  readonly text: string;
}

interface OneNode {
  readonly node: Node;
  /** That it was parsed from. */
  readonly text: string;
}

/** Its author has not split it, nor said what it does. */
function maySplit({ directives, text: template }: Statement, text: string): boolean {
  const isPlain = directives.split === undefined && directives.touches === undefined;
  return isPlain && MAY_HAVE_SERIES.test(text) && template.every(({ kind }) => kind !== 'slot');
}

/**
 * Statements that differ in plain values only touch the same, as long as the catalog and the session are the same; undefined:
 * it is none of those.
 */
function shapeOf({ shape, directives, data, copyTo, echo, facts }: Statement): string | undefined {
  const isPlain =
    directives === NO_DIRECTIVES && data === undefined && copyTo === undefined && echo === undefined;
  return isPlain && facts.session === 'none' ? shape : undefined;
}

/** Where a value names something. */
const NAMES_IN_VALUES = /nextval|setval|currval|::\s*reg|\bas\s+reg/i;

const SETTERS: ReadonlySet<string> = new Set(['VariableSetStmt', 'TransactionStmt', 'VariableShowStmt']);

/** The values that it is looked at with: of a split over records all that may make it another statement. */
function samplesOf({ directives }: Statement): readonly SlotValues[] | undefined {
  const { split } = directives;
  if (split === undefined) return [{}];
  if (!isOfRecords(split)) return [ONE_PIECE];
  const count = split.records?.records.length ?? 0;
  if (count > MOST_RECORDS) return undefined;
  return Array.from({ length: count }, (_, index) => recordValues(split, index));
}

const ONE_PIECE: SlotValues = { rows: '1', lo: '1', hi: '1', job: '0', jobs: '1', chunk: 'true' };
const MOST_RECORDS = 20_000;

function aloneOf({ unknown, undecided, alone, readsAll }: Touch): Alone | undefined {
  const [reason] = [...unknown, ...undecided];
  if (reason !== undefined) return { reason, remedy: REMEDY, isOpaque: true };
  const [known] = alone;
  if (known !== undefined) return { reason: known, isOpaque: false };
  const [all] = readsAll;
  return all === undefined ? undefined : { reason: all, remedy: REMEDY, isOpaque: false };
}

const REMEDY = '-- pqrun: reads=… writes=… says what it touches';
