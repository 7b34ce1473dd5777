import type { Client } from 'pg';
import type { RowSample } from '../../model/difference.js';
import { readRows } from './read-rows.js';
import { hashOf, type ComparedTable } from './rows.js';

/**
 * A few rows of a table that only one of two databases has. The table is cut into buckets by the rows' hashes; only buckets that
 * differ are fetched, so that big tables with few differences cost two scans and little memory.
 */
export async function sampleRows(
  [left, right]: readonly [Client, Client],
  { table, limit, rows }: SampleOptions,
): Promise<RowSample> {
  const bucket = `${hashOf(table)} & ${bucketCount(rows) - 1}`;
  const [leftSums, rightSums] = await Promise.all(
    [left, right].map((client) => readBuckets(client, { table, bucket })),
  );
  const all = new Set([...(leftSums?.keys() ?? []), ...(rightSums?.keys() ?? [])]);
  const differing = [...all].filter((one) => leftSums?.get(one) !== rightSums?.get(one));
  const sample = { left: [] as string[], right: [] as string[] };
  for (const one of differing) {
    if (sample.left.length >= limit && sample.right.length >= limit) break;
    const where = `${bucket} = ${one}`;
    const [lefts, rights] = await Promise.all(
      [left, right].map((client) => readCounts(client, { table, where })),
    );
    sample.left.push(...surplus(lefts, rights));
    sample.right.push(...surplus(rights, lefts));
  }
  return { left: sample.left.slice(0, limit), right: sample.right.slice(0, limit) };
}

export interface SampleOptions {
  readonly table: ComparedTable;
  /** Of rows of each side. */
  readonly limit: number;
  /** About how many the table has. */
  readonly rows: bigint;
}

/** A power of two, about fifty rows each. */
function bucketCount(rows: bigint): number {
  return 2 ** Math.min(16, Math.max(0, Math.ceil(Math.log2(Number(rows) / 50 + 1))));
}

async function readBuckets(
  client: Client,
  { table, bucket }: { readonly table: ComparedTable; readonly bucket: string },
): Promise<ReadonlyMap<string, string>> {
  const sql = `SELECT ${bucket} AS bucket, count(*) || ' ' || sum(${hashOf(table)}) AS sums
    FROM ONLY ${table.object} AS t GROUP BY 1 ORDER BY 1`;
  return new Map((await readRows(client, sql)).map(({ bucket: one, sums }) => [one ?? '', sums ?? '']));
}

/** How many there are of each row. */
async function readCounts(
  client: Client,
  { table, where }: { readonly table: ComparedTable; readonly where: string },
): Promise<ReadonlyMap<string, number>> {
  const sql = `SELECT ${table.row} COLLATE "C" AS row, count(*) AS number
    FROM ONLY ${table.object} AS t WHERE ${where} GROUP BY 1 ORDER BY 1`;
  return new Map((await readRows(client, sql)).map(({ row, number }) => [row ?? '', Number(number)]));
}

function surplus(
  own: ReadonlyMap<string, number> = new Map(),
  others: ReadonlyMap<string, number> = new Map(),
): readonly string[] {
  return [...own].flatMap(([row, number]) =>
    Array.from({ length: Math.max(0, number - (others.get(row) ?? 0)) }, () => row),
  );
}
