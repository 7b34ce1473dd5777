import type { AlterTableStmt } from 'libpg-query';
import type { Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';

/** Commands of ALTER TABLE that are alike in what they do. Source: src/backend/commands/tablecmds.c. */

/** Options and switches: the object is another, but nothing that the symbolic catalog knows of. */
export const HARMLESS: ReadonlySet<string> = new Set([
  ...['AT_SetStatistics', 'AT_SetOptions', 'AT_ResetOptions', 'AT_SetStorage', 'AT_SetCompression'],
  ...['AT_ClusterOn', 'AT_DropCluster', 'AT_SetTableSpace'],
  ...['AT_SetRelOptions', 'AT_ResetRelOptions', 'AT_ReplaceRelOptions'],
  ...['AT_EnableTrig', 'AT_EnableAlwaysTrig', 'AT_EnableReplicaTrig', 'AT_DisableTrig'],
  ...['AT_EnableTrigAll', 'AT_DisableTrigAll', 'AT_EnableTrigUser', 'AT_DisableTrigUser'],
  ...['AT_EnableRule', 'AT_EnableAlwaysRule', 'AT_EnableReplicaRule', 'AT_DisableRule'],
  ...['AT_ReplicaIdentity', 'AT_EnableRowSecurity', 'AT_DisableRowSecurity'],
  ...['AT_ForceRowSecurity', 'AT_NoForceRowSecurity', 'AT_GenericOptions', 'AT_AlterColumnGenericOptions'],
]);

/** As harmless, but all rows are written anew. */
export const REWRITES: ReadonlySet<string> = new Set([
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetAccessMethod',
]);

/** A trigger fires where session_replication_role is replica, too, or there alone. */
export const FIRES_ON_REPLICAS: ReadonlySet<string> = new Set([
  'AT_EnableAlwaysTrig',
  'AT_EnableReplicaTrig',
]);

/** What it does to a table, it does to the table's indexes and sequences, too. */
export const TAKES_ALONG: ReadonlySet<string> = new Set(['AT_ChangeOwner', 'AT_SetLogged', 'AT_SetUnLogged']);

/**
 * What dumps of data alone say in front of a table's rows (pg_dump --disable-triggers). Not believed with --keep-going, where it
 * may have been refused, and of partitions, whose triggers are those of the tables above them, too.
 */
export function isSilenced(
  { cmds = [] }: AlterTableStmt,
  { kind, isPartition }: Relation,
  scope: Scope,
): boolean {
  const [only, ...others] = cmds;
  if (only === undefined || others.length > 0 || !('AlterTableCmd' in only)) return false;
  const isTable = kind === 'table' && isPartition !== true;
  return isTable && only.AlterTableCmd.subtype === 'AT_DisableTrigAll' && !scope.follower.mindsRefusal;
}

/** No command takes anything from it: the tables that its foreign keys lead to neither see it nor are looked at. */
export function isKeptWhole({ cmds = [] }: AlterTableStmt): boolean {
  return cmds.every((command) => {
    const { subtype = 'AT_AddColumn' } = 'AlterTableCmd' in command ? command.AlterTableCmd : {};
    return subtype === 'AT_AddConstraint' || HARMLESS.has(subtype);
  });
}
