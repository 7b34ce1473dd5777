import { closest } from '../../script/did-you-mean.js';
import { quoteIdentifier, quoteLiteral } from '../../script/variables.js';
import type { KeyColumn, TablePart } from '../../plan/axis.js';
import type { ChunkSplit } from '../../model/script.js';

/** A table as far as its walk needs it. Names are quoted, and have their schemas. */
export interface TableFacts {
  readonly name: string;
  readonly columns: readonly TypedColumn[];
  /** About so many, as the planner sees it now. */
  readonly rows: number;
  readonly pages: number;
  /** Partitions, or the tables of an inheritance; none: it is a table by itself. */
  readonly parts: readonly TablePart[];
  /** An index by which the rows of a piece are found; undefined: there is none. */
  readonly index: string | undefined;
  readonly oid: string;
}

export interface TypedColumn extends KeyColumn {
  /** As a cast names it. */
  readonly type: string;
  readonly isArray: boolean;
  /** By which its values are sorted; undefined: its type has none. */
  readonly collation?: string;
}

/** Why a table cannot be walked. */
export class WalkFault extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** One row a query gives, by its columns' names; all are texts. */
export type Row = Readonly<Record<string, string | null>>;
export type Ask = (sql: string) => Promise<readonly Row[]>;

type Split = Pick<ChunkSplit, 'by' | 'table' | 'columns'>;

/** Undefined: there is no such table. Asks in the session of the script, whose search_path counts. */
export async function findTable(
  ask: Ask,
  { table: { schema, name } }: Split,
): Promise<FoundTable | undefined> {
  const quoted = [...(schema === undefined ? [] : [schema]), name].map(quoteIdentifier).join('.');
  const [row] = await ask(`SELECT c.oid, c.relkind, n.nspname, c.relname, a.amname,
      pg_catalog.current_setting('server_version_num') AS version
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
    WHERE c.oid = pg_catalog.to_regclass(${quoteLiteral(quoted)})`);
  if (row === undefined) return undefined;
  return {
    oid: row.oid ?? '',
    name: `${quoteIdentifier(row.nspname ?? '')}.${quoteIdentifier(row.relname ?? '')}`,
    kind: row.relkind ?? '',
    accessMethod: row.amname ?? '',
    version: Number(row.version),
  };
}

export interface FoundTable {
  readonly oid: string;
  readonly name: string;
  readonly kind: string;
  readonly accessMethod: string;
  readonly version: number;
}

/** Asks with an empty search_path, so that types are named with their schemas. */
export async function tableFacts(ask: Ask, found: FoundTable, split: Split): Promise<TableFacts> {
  const { oid, name, kind, version } = found;
  const walked = KINDS[kind];
  if (walked !== undefined)
    throw new WalkFault(`${name} is ${walked}, and a split walks the rows of a table`, NAME_A_TABLE);
  if (split.by === 'blocks' && version < 140_000)
    throw new WalkFault(
      'split blocks= needs PostgreSQL 14 or newer, which finds rows by ranges of ctid',
      BY_RANGE,
    );
  const parts = await partsOf(ask, oid, split);
  const columns = split.by === 'range' ? await columnsOf(ask, found, split.columns) : [];
  const pages = parts.reduce((sum, { blocks }) => sum + blocks, 0);
  const rows = await rowsOf(ask, name, parts);
  const [only] = parts;
  const isWhole = parts.length === 1 && only?.oid === oid;
  return {
    oid,
    name,
    columns,
    rows,
    pages,
    parts: isWhole
      ? []
      : parts.map(({ blocks, relation, rows: own }) => ({
          relation,
          blocks,
          rows: own ?? (rows * blocks) / Math.max(1, pages),
        })),
    index: split.by === 'range' ? await indexOf(ask, oid, columns) : undefined,
  };
}

/** As the planner sees it; where nobody has counted yet, by a look at a few of its blocks: the planner knows only how wide rows may be. */
async function rowsOf(ask: Ask, name: string, parts: readonly FoundPart[]): Promise<number> {
  if (parts.every(({ rows }) => rows !== undefined))
    return parts.reduce((sum, { rows = 0 }) => sum + rows, 0);
  const blocks = parts.reduce((sum, part) => sum + part.blocks, 0);
  if (blocks === 0) return 0;
  const share = Math.min(1, LOOKED_AT / blocks);
  const [found] = await ask(
    `SELECT pg_catalog.count(*) AS n FROM ${name} TABLESAMPLE pg_catalog.system (${(100 * share).toFixed(9)})`,
  );
  return Number(found?.n) / share;
}

/** Blocks. */
const LOOKED_AT = 300;

interface FoundPart {
  readonly oid: string;
  readonly relation: string;
  readonly blocks: number;
  readonly rows: number | undefined;
}

/** The tables that the rows are in: itself, or its partitions and children, in the order in which they were made. */
async function partsOf(ask: Ask, oid: string, { by }: Split): Promise<readonly FoundPart[]> {
  const rows = await ask(`WITH RECURSIVE tree (oid) AS (
      SELECT ${oid}::pg_catalog.oid UNION
      SELECT i.inhrelid FROM pg_catalog.pg_inherits AS i JOIN tree ON tree.oid = i.inhparent)
    SELECT c.oid, c.relkind, n.nspname, c.relname, a.amname, c.reltuples, c.relpages,
      CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_relation_size(c.oid)
        / pg_catalog.current_setting('block_size')::pg_catalog.int8 END AS blocks
    FROM tree JOIN pg_catalog.pg_class AS c ON c.oid = tree.oid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
    WHERE c.relkind <> 'p' ORDER BY c.oid`);
  return rows.map((row) => {
    const relation = `${quoteIdentifier(row.nspname ?? '')}.${quoteIdentifier(row.relname ?? '')}`;
    if (row.relkind === 'f')
      throw new WalkFault(`${relation}, one of its partitions, is a foreign table`, NAME_A_TABLE);
    if (by === 'blocks' && row.amname !== 'heap')
      throw new WalkFault(
        `${relation} is no heap (${row.amname ?? ''}), so that it has no blocks that could be walked`,
        BY_RANGE,
      );
    const [blocks, pages, tuples] = [Number(row.blocks), Number(row.relpages), Number(row.reltuples)];
    return {
      oid: row.oid ?? '',
      relation,
      blocks,
      rows: pages > 0 && tuples >= 0 ? (tuples / pages) * blocks : undefined,
    };
  });
}

async function columnsOf(
  ask: Ask,
  { oid, name }: FoundTable,
  columns: readonly string[],
): Promise<readonly TypedColumn[]> {
  const rows =
    await ask(`SELECT a.attname, (${NEVER_NULL}) AS never_null, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
      b.typcategory, (${OPERATORS}) AS operators, (${COLLATION}) AS collation
    FROM pg_catalog.pg_attribute AS a CROSS JOIN LATERAL (${BASE_TYPE}) AS b
    WHERE a.attrelid = ${oid}::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped`);
  return columns.map((column) => {
    const row = rows.find(({ attname }) => attname === column);
    if (row === undefined) {
      const names = rows.flatMap(({ attname }) => attname ?? []);
      const meant = closest(column, names);
      const hint = meant === undefined ? `its columns are ${names.join(', ')}` : `did you mean ${meant}?`;
      throw new WalkFault(`column ${column} of table ${name} does not exist`, hint);
    }
    const { operators } = row;
    if (typeof operators === 'string' && columns.length > 1)
      throw new WalkFault(
        `a row with column ${column} cannot be compared, because its type ${row.type ?? ''} has operators of its own`,
        'split by one column',
      );
    return {
      name: quoteIdentifier(column),
      isNotNull: row.never_null === 't',
      type: row.type ?? '',
      isArray: row.typcategory === 'A',
      ...(typeof row.collation === 'string' ? { collation: row.collation } : {}),
      ...(typeof operators === 'string' ? { operators: quoteIdentifier(operators) } : {}),
    };
  });
}

/** Of a domain the type below it. */
const BASE_TYPE = `WITH RECURSIVE below AS (
    SELECT t.oid, t.typbasetype, t.typtype, t.typcategory FROM pg_catalog.pg_type AS t WHERE t.oid = a.atttypid UNION ALL
    SELECT t.oid, t.typbasetype, t.typtype, t.typcategory FROM below JOIN pg_catalog.pg_type AS t ON t.oid = below.typbasetype
      WHERE below.typtype = 'd')
  SELECT below.oid, below.typcategory FROM below WHERE below.typtype <> 'd'`;

/**
 * In the primary key, and no table inherits from it: NOT NULL by itself may not hold for the rows of children, nor, while it is NOT
 * VALID, for those that were there before.
 */
const NEVER_NULL = `SELECT EXISTS (SELECT FROM pg_catalog.pg_index AS i WHERE i.indrelid = a.attrelid AND i.indisprimary AND i.indisvalid
      AND a.attnum = ANY (i.indkey::pg_catalog.int2[]))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_inherits AS h ON h.inhparent = c.oid
      WHERE c.oid = a.attrelid AND c.relkind <> 'p')`;

const COLLATION = `SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname)
    FROM pg_catalog.pg_collation AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace WHERE c.oid = a.attcollation`;

/** The schema of the type's own operators, where that is not pg_catalog. */
const OPERATORS = `SELECT n.nspname FROM pg_catalog.pg_opclass AS o
    JOIN pg_catalog.pg_amop AS m ON m.amopfamily = o.opcfamily AND m.amopstrategy = 1
      AND m.amoplefttype = o.opcintype AND m.amoprighttype = o.opcintype
    JOIN pg_catalog.pg_operator AS p ON p.oid = m.amopopr JOIN pg_catalog.pg_namespace AS n ON n.oid = p.oprnamespace
    WHERE o.opcdefault AND o.opcintype = b.oid AND o.opcmethod = (SELECT am.oid FROM pg_catalog.pg_am AS am WHERE am.amname = 'btree')
      AND n.nspname <> 'pg_catalog' LIMIT 1`;

async function indexOf(ask: Ask, oid: string, columns: readonly TypedColumn[]): Promise<string | undefined> {
  const rows = await ask(`SELECT c.relname,
      (SELECT pg_catalog.array_to_json(pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) ORDER BY k.place))
        FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) AS keys
    FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
    WHERE i.indrelid = ${oid}::pg_catalog.oid AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL AND m.amname = 'btree'
    ORDER BY i.indisprimary DESC, c.relname`);
  const wanted = columns.map(({ name }) => name);
  return (
    rows.find(({ keys }) => {
      // An array of texts, as the query makes it.
      const names = (JSON.parse(keys ?? '[]') as readonly string[]).map((name) =>
        name.startsWith('"') ? name : `"${name}"`,
      );
      return wanted.every((name, index) => names[index] === name);
    })?.relname ?? undefined
  );
}

/** pg_class.relkind of what has no rows that could be walked. */
const KINDS: Readonly<Record<string, string>> = {
  v: 'a view',
  f: 'a foreign table',
  i: 'an index',
  I: 'an index',
  S: 'a sequence',
  c: 'a type',
};
const NAME_A_TABLE = 'name the table that it reads, where the statement reads it itself';
const BY_RANGE = 'split by a column: range=table.column';
