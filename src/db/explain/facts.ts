import { quoteLiteral } from '../../script/variables.js';
import type { ExplainConnection } from './connection.js';
import { calledIn, nodesOf, scannedTables, type PlanNode } from './plan-tree.js';

/** What the server tells about a statement's surroundings at this point of the script: settings, and the tables read. */
export interface ServerFacts {
  /** 150004: PostgreSQL 15.4. */
  readonly version: number;
  /** Of transactions that do not name theirs. */
  readonly isolation: string;
  readonly workersPerGather: number;
  readonly maxWorkers: number;
  readonly minTableScanSize: string;
  readonly minIndexScanSize: string;
  readonly setupCost: string;
  readonly tupleCost: string;
}

const SETTINGS = `SELECT ${[
  'server_version_num',
  'default_transaction_isolation',
  'max_parallel_workers_per_gather',
  'max_parallel_workers',
  'min_parallel_table_scan_size',
  'min_parallel_index_scan_size',
  'parallel_setup_cost',
  'parallel_tuple_cost',
]
  .map((name) => `pg_catalog.current_setting('${name}')`)
  .join(', ')}`;

export async function serverFacts(connection: ExplainConnection): Promise<ServerFacts> {
  const [row = []] = await connection.rows(SETTINGS);
  const [version, isolation, perGather, most, tableSize, indexSize, setup, tuple] = row;
  return {
    version: Number(version ?? 0),
    isolation: isolation ?? '',
    workersPerGather: Number(perGather ?? 0),
    maxWorkers: Number(most ?? 0),
    minTableScanSize: tableSize ?? '',
    minIndexScanSize: indexSize ?? '',
    setupCost: setup ?? '',
    tupleCost: tuple ?? '',
  };
}

export interface TableFacts {
  readonly name: string;
  readonly isTemporary: boolean;
  /** As people read it: `16 kB`. */
  readonly size: string;
  readonly isSmall: boolean;
  /** Its storage parameter parallel_workers is 0. */
  readonly isOptedOut: boolean;
  /** As ALTER TABLE takes it. */
  readonly identifier: string;
}

/** Aggregates that a plan computes, and that cannot be computed in parts (CREATE AGGREGATE, COMBINEFUNC). */
export async function wholeAggregates(
  connection: ExplainConnection,
  plans: readonly PlanNode[],
): Promise<readonly string[]> {
  const aggregates = [...nodesOf(plans)].filter((node) => node['Node Type'] === 'Aggregate');
  const calls = aggregates.flatMap(({ Output = [] }) => Output.flatMap(calledIn));
  if (calls.length === 0) return [];
  const names = [...new Set(calls.map(({ name }) => quoteLiteral(name)))];
  const rows = await connection.rows(`
    SELECT p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
     WHERE a.aggkind = 'n' AND p.proname IN (${names.join(', ')})
     GROUP BY p.proname HAVING pg_catalog.bool_and(a.aggcombinefn = 0) ORDER BY 1`);
  return rows.map(([name]) => name ?? '');
}

/** The tables that a plan reads. */
export async function tableFacts(
  connection: ExplainConnection,
  plans: readonly PlanNode[],
): Promise<readonly TableFacts[]> {
  const tables = scannedTables(plans);
  if (tables.length === 0) return [];
  const names = tables.map(
    ({ schema, name }) => `(${quoteLiteral(schema ?? 'pg_catalog')}, ${quoteLiteral(name)})`,
  );
  const rows = await connection.rows(`
    SELECT c.relname, c.relpersistence, pg_catalog.pg_size_pretty(pg_catalog.pg_relation_size(c.oid)),
           pg_catalog.pg_relation_size(c.oid)
             < pg_catalog.pg_size_bytes(pg_catalog.current_setting('min_parallel_table_scan_size')),
           'parallel_workers=0' = ANY (c.reloptions), c.oid::pg_catalog.regclass
      FROM (VALUES ${names.join(', ')}) AS t (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema
        OR t.schema = 'pg_temp' AND n.oid = pg_catalog.pg_my_temp_schema()
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name`);
  return rows.map(([name, persistence, size, isSmall, isOptedOut, identifier]) => ({
    name: name ?? '',
    isTemporary: persistence === 't',
    size: size ?? '',
    isSmall: isSmall === 't',
    isOptedOut: isOptedOut === 't',
    identifier: identifier ?? '',
  }));
}
