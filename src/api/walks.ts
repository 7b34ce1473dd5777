import type { WalkReader } from '../db/walk/walk-reader.js';
import type { TableFacts } from '../db/walk/walk-facts.js';
import type { TableWalk } from '../model/axis.js';
import { InputError, type Diagnostic } from '../model/diagnostic.js';
import type { Script, Statement } from '../model/script.js';
import { rangePredicate } from '../plan/axis.js';
import { shareOf } from '../plan/chunk-pieces.js';
import { mostFalling } from '../plan/cut.js';
import { walkedStatements, type WalkedStatement } from '../plan/walked.js';
import { renderTemplate } from '../script/template.js';
import { quoteIdentifier } from '../script/variables.js';
import { axisRequest, cutPieces } from './table-split.js';
import type { WalkReaders } from './walk-readers.js';

/**
 * The tables that splits walk, looked at before a run: what is wrong is said before anything runs, and a plan has as many places for
 * pieces as there may be of need. A table that is not there yet, because the scripts make it, is looked at when its split begins.
 */
export interface WalkOptions {
  readonly connections: number;
  /** The target. */
  readonly index: number;
  /** Of the target, where it has a name. */
  readonly target: string | undefined;
  /** SETs of --init-sql. */
  readonly initSql: readonly string[];
  /** Those that are dealt out over targets, or the others. */
  readonly isDealt: boolean;
  /** The pieces are wanted as they would be now: the plan is not run. */
  readonly isShown: boolean;
  /** Places of splits that a run before has begun. */
  readonly places: ReadonlyMap<string, number>;
}

export interface Walks {
  readonly tables: ReadonlyMap<Statement, TableWalk>;
  readonly warnings: readonly Diagnostic[];
}

export async function readWalks(
  scripts: readonly Script[],
  readers: WalkReaders | undefined,
  options: WalkOptions,
): Promise<Walks> {
  const walked = walkedStatements(scripts, options.target).filter(
    ({ split }) => (split.isDealt === true) === options.isDealt,
  );
  if (walked.length === 0 || readers === undefined) return { tables: new Map(), warnings: [] };
  const tables = new Map<Statement, TableWalk>();
  const diagnostics: Diagnostic[] = [];
  await readers.use(options.index, async (reader) => {
    for (const one of walked) {
      const { walk, warning, facts } = await look(reader, one, options);
      if (facts !== undefined) readers.remember(one.id, facts);
      if (walk !== undefined) tables.set(one.statement, walk);
      if (warning !== undefined) diagnostics.push(warning);
    }
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new InputError(errors);
  return { tables, warnings: diagnostics };
}

interface Looked {
  readonly facts?: TableFacts;
  readonly walk?: TableWalk;
  readonly warning?: Diagnostic;
}

async function look(reader: WalkReader, one: WalkedStatement, options: WalkOptions): Promise<Looked> {
  const { WalkFault } = await import('../db/walk/walk-facts.js');
  const { split, id } = one;
  const context = [...options.initSql, ...one.context];
  try {
    const facts = await reader.facts(split, context);
    // Where the plan is only shown, there are not more pieces of a time than would begin at once.
    const isSketch = options.isShown && split.time !== undefined;
    const sized = isSketch ? options.connections : placesFor(one, facts, options.connections);
    const places = options.places.get(id) ?? sized;
    if (facts === undefined) return { walk: { places, rows: 0 } };
    const walk = { places, rows: facts.rows };
    const shown =
      options.isShown && split.time === undefined
        ? await piecesNow(reader, facts, { one, options, context })
        : undefined;
    const warning = await slowness(reader, facts, { one, context });
    return {
      facts,
      walk: shown === undefined ? walk : { ...walk, pieces: shown },
      ...(warning === undefined ? {} : { warning }),
    };
  } catch (error) {
    if (!(error instanceof WalkFault)) throw error;
    const { message, hint } = error;
    return {
      warning: { severity: 'error', message, place: split.place, ...(hint === undefined ? {} : { hint }) },
    };
  }
}

/** More than there may be of need, so that the table may grow; as many as are asked for, where that is said. */
function placesFor({ split }: WalkedStatement, facts: TableFacts | undefined, connections: number): number {
  const { rows = 0, parts = [] } = facts ?? {};
  if (split.byPartition === true) return parts.length + SPARE_PARTITIONS;
  const share = split.time === undefined ? shareOf(split, connections) : undefined;
  if (share !== undefined && 'into' in share) return Math.max(share.into, parts.length);
  if (share !== undefined && 'falling' in share) return mostFalling(share.falling) + parts.length;
  const wanted = share === undefined ? rows / LEAST_ROWS : (2 * rows) / share.size + parts.length;
  return Math.min(MOST_PLACES, 2 ** Math.ceil(Math.log2(Math.max(LEAST_PLACES, wanted))));
}

async function piecesNow(
  reader: WalkReader,
  facts: TableFacts,
  {
    one: { split },
    options: { connections },
    context,
  }: { readonly one: WalkedStatement; readonly options: WalkOptions; readonly context: readonly string[] },
): Promise<TableWalk['pieces']> {
  const { axis } = await reader.axis(facts, axisRequest(split, { rows: facts.rows, connections }), context);
  return cutPieces(axis, split, { connections, places: MOST_PLACES });
}

/** A piece that has to read the whole table to find its rows. */
async function slowness(
  reader: WalkReader,
  facts: TableFacts,
  {
    one: { statement, split },
    context,
  }: { readonly one: WalkedStatement; readonly context: readonly string[] },
): Promise<Diagnostic | undefined> {
  const { columns, index, name, pages } = facts;
  if (split.by !== 'range' || split.byPartition === true || pages < SMALL) return undefined;
  const values = await Promise.all(
    columns.map((column) => reader.anyValue(facts, column, index !== undefined)),
  );
  const literals = values.flatMap((value) => value ?? []);
  if (literals.length < columns.length) return undefined;
  const alias = quoteIdentifier(split.walked?.alias ?? split.table.name);
  const chunk = rangePredicate({ columns, alias }, literals, literals);
  const plan = await reader.plan(
    renderTemplate(statement.text, { chunk, job: '0', jobs: '1' }).text,
    context,
  );
  const tables = [facts, ...facts.parts.map(({ relation = '' }) => ({ name: relation }))].map((table) =>
    lastName(table.name),
  );
  const line = plan?.find((text) => {
    const [, read = ''] = /Seq Scan on (?:\S+\.)?("(?:[^"]|"")+"|\S+)/.exec(text) ?? [];
    return tables.includes(lastName(read));
  });
  if (line === undefined && (index !== undefined || plan !== undefined)) return undefined;
  const shown = line === undefined ? '' : ` (EXPLAIN: ${line.replace(/^[\s>-]+/, '')})`;
  const key = split.columns.join(', ');
  return {
    severity: 'warning',
    message: `each piece reads the whole table ${name} to find its rows by ${key}${shown}`,
    place: split.place,
    hint:
      index === undefined
        ? `there is no index on ${key}: make one, or split blocks=${split.table.name}`
        : `the index ${index} is not used: see that :chunk stands where the planner can use it, and ANALYZE the table`,
  };
}

function lastName(name: string): string {
  const last = /(?:"((?:[^"]|"")+)"|([^".]+))$/.exec(name);
  return last?.[1] ?? last?.[2] ?? '';
}

/** `time=`: a piece has not less. */
const LEAST_ROWS = 5000;
const LEAST_PLACES = 1024;
const MOST_PLACES = 65_536;
const SPARE_PARTITIONS = 64;
/** Blocks: to read such a table whole takes no time. */
const SMALL = 1000;
