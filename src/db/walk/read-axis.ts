import {
  blockAxis,
  PartitionGone,
  partitionAxis,
  rangeAxis,
  rangePredicate,
  type BlockPlace,
  type RangeStep,
} from '../../plan/axis.js';
import { cutAxis, sumOf } from '../../plan/cut.js';
import type { Axis } from '../../model/axis.js';
import type { ChunkSplit } from '../../model/script.js';
import { quoteIdentifier, quoteLiteral } from '../../script/variables.js';
import { WalkFault, type Ask, type TableFacts, type TypedColumn } from './walk-facts.js';

/**
 * A table as an axis. Of blocks only their number is asked. The steps of a range are values of its key: from the statistics of the
 * last ANALYZE where these are fresh and fine enough for so many pieces, else from a sample of the table's blocks. A small
 * table is read whole, which takes no longer.
 *
 * ANALYZE keeps a hundred boundaries, which is enough for a few pieces, and with places between them for some more; a sample has as many
 * values as pieces of any size may need.
 */
export interface AxisRequest {
  readonly split: Pick<ChunkSplit, 'by' | 'byPartition'>;
  /** Not quoted. */
  readonly alias: string;
  readonly needsAlias: boolean;
  /** How many pieces there will be; undefined: their size is found while they run. */
  readonly pieces: number | undefined;
  /** Where a run before has stopped (`AxisValues.until`). */
  readonly from?: string | undefined;
}

export interface FoundAxis {
  readonly axis: Axis;
  /** Where it comes from, in words. */
  readonly source: string;
}

export async function readAxis(ask: Ask, facts: TableFacts, request: AxisRequest): Promise<FoundAxis> {
  const { split, from, needsAlias } = request;
  const alias = quoteIdentifier(request.alias);
  const parts = facts.parts.length > 0 ? facts.parts : [{ blocks: facts.pages, rows: facts.rows }];
  if (split.byPartition === true || split.by === 'blocks') {
    // What is stored is what an axis has given before.
    const place = from === undefined ? undefined : (JSON.parse(from) as BlockPlace);
    const input = { parts, alias, needsAlias, from: place };
    return split.byPartition === true
      ? { axis: orFault(() => partitionAxis(input)), source: 'its partitions' }
      : { axis: orFault(() => blockAxis(input)), source: 'its size in blocks' };
  }
  const low = from === undefined ? undefined : (JSON.parse(from) as readonly string[]);
  const known =
    low === undefined && request.pieces !== undefined
      ? await fromStatistics(ask, facts, { alias, pieces: request.pieces })
      : undefined;
  if (known !== undefined && isEven(known, request.pieces ?? 1))
    return { axis: known, source: 'the statistics of the last ANALYZE' };
  return fromSample(ask, facts, { alias, low });
}

function orFault(make: () => Axis): Axis {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof PartitionGone)) throw error;
    throw new WalkFault(
      error.message,
      'which rows are left cannot be told: do them by hand, or begin anew with --restart',
    );
  }
}

/** The largest piece is hardly larger than a fair one, or a single value that nothing can divide. */
function isEven(axis: Axis, pieces: number): boolean {
  const cuts = cutAxis(axis, { into: pieces });
  const fair = sumOf(axis.rows) / pieces;
  return Math.max(...cuts.map(({ rows }) => rows)) <= Math.max(fair, ...axis.rows) * EVEN;
}

async function fromStatistics(
  ask: Ask,
  facts: TableFacts,
  { alias, pieces }: { readonly alias: string; readonly pieces: number },
): Promise<Axis | undefined> {
  const [column, second] = facts.columns;
  if (column === undefined || second !== undefined || column.isArray || facts.parts.length > 0)
    return undefined;
  const own = `FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_stats AS s ON s.schemaname = n.nspname AND s.tablename = c.relname AND NOT s.inherited
        AND pg_catalog.quote_ident(s.attname) IN (${quoteLiteral(column.name)}, ${quoteLiteral(column.name.slice(1, -1))})
    WHERE c.oid = ${facts.oid}::pg_catalog.oid`;
  const [about] = await ask(`SELECT s.null_frac, c.reltuples, c.relpages,
      pg_catalog.pg_stat_get_mod_since_analyze(c.oid) AS modified,
      (SELECT pg_catalog.sum(f) FROM pg_catalog.unnest(s.most_common_freqs) AS f) AS common ${own}`);
  if (about === undefined) return undefined;
  const [rows, pages, nulls] = [Number(about.reltuples), Number(about.relpages), Number(about.null_frac)];
  const isFresh = Number(about.modified) <= rows * STALE && Math.abs(facts.pages - pages) <= pages * STALE;
  if (rows <= 0 || !isFresh) return undefined;
  const values = `pg_catalog.text::${column.type}[]`;
  // What comes out of the statistics has forgotten how the column is sorted.
  const collated = column.collation === undefined ? 'v' : `v COLLATE ${column.collation} AS v`;
  const found =
    await ask(`SELECT pg_catalog.format('%L', u.v) AS k0, pg_catalog.sum(u.f) AS common, pg_catalog.count(*) - pg_catalog.count(u.f) AS bounds
    FROM (SELECT ${collated}, f FROM (${boundsOf(column, pieces, `SELECT s.histogram_bounds::${values} AS bounds ${own}`)}
      UNION ALL SELECT m.v, m.f FROM (SELECT s.* ${own}) AS s,
        ROWS FROM (pg_catalog.unnest(s.most_common_vals::${values}), pg_catalog.unnest(s.most_common_freqs)) AS m (v, f)) AS w) AS u
    GROUP BY u.v ORDER BY u.v`);
  // Between two boundaries there are as many rows as between any two others; the last begins nothing.
  const bounds = found.reduce((sum, row) => sum + Number(row.bounds), 0);
  const bucket = bounds < 2 ? 0 : (1 - nulls - Number(about.common ?? 0)) / (bounds - 1);
  let seen = 0;
  const steps = found.map((row): RangeStep => {
    const own = Number(row.bounds);
    const begun = Math.min(own, Math.max(0, bounds - 1 - seen));
    seen += own;
    return {
      literals: [typed(row.k0 ?? '', column)],
      rows: (begun * bucket + Number(row.common ?? 0)) * rows,
    };
  });
  return steps.length === 0
    ? undefined
    : rangeAxis({ columns: [column], alias, steps: withoutLong(steps), nulls: nulls * rows });
}

/**
 * The boundaries of a histogram, v, one after another. Between two of them lie a hundredth of the rows: where that is coarse for so many
 * pieces, boundaries between are put where they would be if these rows lay evenly, of types in which there is such a place.
 */
function boundsOf({ type }: TypedColumn, pieces: number, bounds: string): string {
  const between = pieces <= MOST_BETWEEN ? BETWEEN.find(({ types }) => types.test(type)) : undefined;
  if (between === undefined)
    return `SELECT pg_catalog.unnest(h.bounds) AS v, NULL AS f FROM (${bounds}) AS h`;
  return `SELECT (CASE WHEN i = 0 OR NOT (${between.isFit}) THEN low ELSE ${between.place} END)::${type} AS v, NULL AS f
        FROM (SELECT b.low, pg_catalog.lead(b.low) OVER (ORDER BY b.at) AS high
          FROM (${bounds}) AS h, pg_catalog.unnest(h.bounds) WITH ORDINALITY AS b (low, at)) AS b,
          pg_catalog.generate_series(0, ${FINER - 1}) AS i WHERE i = 0 OR high IS NOT NULL`;
}

/** Where between `low` and `high` the i-th of FINER places is. Whoever is infinite has none. */
const FINER = 8;
const BETWEEN = [
  {
    types: /^(?:smallint|integer|bigint)$/,
    isFit: 'true',
    place: `(low::pg_catalog.numeric * (${FINER} - i) + high::pg_catalog.numeric * i) / ${FINER}`,
  },
  {
    types: /^date$/,
    isFit: 'pg_catalog.isfinite(low) AND pg_catalog.isfinite(high)',
    place: `low + (high - low) * i / ${FINER}`,
  },
  {
    types: /^timestamp/,
    isFit: 'pg_catalog.isfinite(low) AND pg_catalog.isfinite(high)',
    place: `low + (high - low) * (i::pg_catalog.float8 / ${FINER})`,
  },
];
/** Of more pieces each would rest on less than four boundaries that are known. */
const MOST_BETWEEN = 25;

async function fromSample(
  ask: Ask,
  { name, columns, rows, pages }: TableFacts,
  { alias, low }: { readonly alias: string; readonly low: readonly string[] | undefined },
): Promise<FoundAxis> {
  const isWhole = pages <= SMALL;
  const blocks = isWhole ? pages : Math.min(pages, MOST_BLOCKS);
  const wanted = Math.min(MOST_VALUES, Math.max(LEAST_VALUES, rows / 100));
  const share = Math.min(1, wanted / Math.max(1, (rows * blocks) / Math.max(1, pages)));
  const keys = columns.map((column, index) => `t.${column.name} AS k${index}`);
  const names = columns.map((_, index) => `s.k${index}`);
  const conditions = [
    ...(share < 1 ? [`pg_catalog.random() < ${share.toFixed(9)}`] : []),
    ...(low === undefined ? [] : [rangePredicate({ columns, alias: 't' }, low, undefined)]),
  ];
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const sample =
    isWhole || blocks === pages
      ? ''
      : `TABLESAMPLE pg_catalog.system (${((100 * blocks) / pages).toFixed(9)})`;
  const found =
    await ask(`SELECT ${names.map((key, index) => `pg_catalog.format('%L', ${key}) AS k${index}`).join(', ')}, pg_catalog.count(*) AS n
    FROM (SELECT ${keys.join(', ')} FROM ${name} AS t ${sample} ${where}) AS s GROUP BY ${names.join(', ')} ORDER BY ${names.join(', ')}`);
  // Each row that is seen stands for so many.
  const weight = pages / Math.max(1, blocks) / share;
  const isNull = (row: (typeof found)[number]): boolean =>
    columns.some((_, index) => row[`k${index}`] === 'NULL');
  const nulls = found.reduce((sum, row) => sum + (isNull(row) ? Number(row.n) * weight : 0), 0);
  const steps = found.flatMap((row): readonly RangeStep[] =>
    isNull(row)
      ? []
      : [
          {
            literals: columns.map((column, index) => typed(row[`k${index}`] ?? '', column)),
            rows: Number(row.n) * weight,
          },
        ],
  );
  return {
    axis: rangeAxis({ columns, alias, steps: withoutLong(steps), nulls, from: low }),
    source: sample === '' ? 'all its rows' : `a sample of ${count(blocks)} of its ${count(pages)} blocks`,
  };
}

/** No boundary is a text of pages: its rows are those of the step before. */
function withoutLong(steps: readonly RangeStep[]): readonly RangeStep[] {
  const kept: RangeStep[] = [];
  for (const step of steps) {
    const last = kept.at(-1);
    const isLong = step.literals.some(({ length }) => length > LONGEST_LITERAL);
    if (last !== undefined && isLong) kept[kept.length - 1] = { ...last, rows: last.rows + step.rows };
    else kept.push(step);
  }
  return kept;
}

/** Characters. An index takes values of about as many at most. */
const LONGEST_LITERAL = 3000;

/** A value as `format('%L')` gives it, with its type. */
export function typed(quoted: string, { type }: Pick<TypedColumn, 'type'>): string {
  return `${quoted.trim()}::${type}`;
}

function count(blocks: number): string {
  return Math.round(blocks).toLocaleString('en-US');
}

const EVEN = 1.05;
/** Changed since the last ANALYZE, as a share of the table. */
const STALE = 0.05;
/** Blocks: a table of not more is read whole; of a larger one so many are read. */
const SMALL = 2000;
const MOST_BLOCKS = 8000;
/** Rows of a sample. */
const LEAST_VALUES = 30_000;
const MOST_VALUES = 100_000;
