import type { Node } from 'libpg-query';
import { booleanOption, nodeName } from './tree.js';

/**
 * True for commands that the server refuses inside a transaction block: those that call PreventInTransactionBlock in
 * PostgreSQL 18's src/backend/tcop/utility.c and src/backend/commands. Where it depends on the catalog (a partitioned
 * index, a subscription without a slot) they count as refused.
 */
export function runsAlone(node: Node): boolean {
  if (ALWAYS.has(nodeName(node))) return true;
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd === true;
  if ('IndexStmt' in node) return node.IndexStmt.concurrent === true;
  if ('DropStmt' in node) return node.DropStmt.concurrent === true;
  if ('ReindexStmt' in node) {
    const { kind, params } = node.ReindexStmt;
    return kind === undefined || REINDEX_OF_MANY.has(kind) || booleanOption(params, 'concurrently') === true;
  }
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined;
  if ('AlterTableStmt' in node) return node.AlterTableStmt.cmds?.some(isConcurrentDetach) === true;
  if ('AlterDatabaseStmt' in node)
    return booleanOption(node.AlterDatabaseStmt.options, 'tablespace') !== undefined;
  if ('CreateSubscriptionStmt' in node) {
    const { options } = node.CreateSubscriptionStmt;
    return booleanOption(options, 'create_slot') ?? booleanOption(options, 'connect') ?? true;
  }
  if ('AlterSubscriptionStmt' in node) {
    const { kind, options } = node.AlterSubscriptionStmt;
    if (kind === 'ALTER_SUBSCRIPTION_REFRESH') return true;
    if (kind?.endsWith('_PUBLICATION') === true) return booleanOption(options, 'refresh') ?? true;
    return ['two_phase', 'failover'].some((name) => booleanOption(options, name) !== undefined);
  }
  if ('DiscardStmt' in node) return node.DiscardStmt.target === 'DISCARD_ALL';
  if ('TransactionStmt' in node) return node.TransactionStmt.kind?.endsWith('_PREPARED') === true;
  return false;
}

const ALWAYS: ReadonlySet<string> = new Set([
  'CreatedbStmt',
  'DropdbStmt',
  'CreateTableSpaceStmt',
  'DropTableSpaceStmt',
  'AlterSystemStmt',
  'DropSubscriptionStmt',
]);

const REINDEX_OF_MANY: ReadonlySet<string> = new Set([
  'REINDEX_OBJECT_SCHEMA',
  'REINDEX_OBJECT_SYSTEM',
  'REINDEX_OBJECT_DATABASE',
]);

function isConcurrentDetach(command: Node): boolean {
  const definition = 'AlterTableCmd' in command ? command.AlterTableCmd.def : undefined;
  return (
    definition !== undefined && 'PartitionCmd' in definition && definition.PartitionCmd.concurrent === true
  );
}
