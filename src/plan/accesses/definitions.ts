import type {
  AlterTableStmt,
  CreateStmt,
  CreateTableAsStmt,
  DropStmt,
  Node,
  RangeVar,
  RenameStmt,
} from 'libpg-query';
import { undecided } from '../catalog/undecided.js';
import { verbOf } from '../../script/query-shape.js';
import { nodeName, stringOf } from '../../script/tree.js';

/**
 * Definitions in a body of code, as in `DO $$ BEGIN ALTER TABLE …; EXCEPTION WHEN duplicate_object THEN NULL; END $$`, by which
 * scripts can be run again.
 *
 * Whether one of them is carried out is not known before, so the catalog is read again behind the code, and the edges behind
 * it are found anew; but the jobs stay as they are. So a script may be spread over sessions all the same where the definition
 * changes nothing in its session (no temporary object, no SET), as long as what stands behind it does not use a name that may mean
 * other code since: a function, a table that may have got a trigger, what a table is called. Who does is tied to its session, as if he
 * ran code that nobody knows. What a definition evaluates itself (defaults, checks, types) is named in it, and followed.
 */

/** As people call it: `CREATE INDEX`. */
export function commandOf(node: Node): string {
  const kind = nodeName(node);
  return COMMANDS[kind] ?? verbOf(kind);
}

/** Of the kinds whose names say something else. */
const COMMANDS: Readonly<Record<string, string>> = {
  SelectStmt: 'SELECT INTO',
  VariableSetStmt: 'SET LOCAL',
  CreateStmt: 'CREATE TABLE',
  CreateTableAsStmt: 'CREATE TABLE AS',
  ViewStmt: 'CREATE VIEW',
  IndexStmt: 'CREATE INDEX',
  CreateSeqStmt: 'CREATE SEQUENCE',
  CreateTrigStmt: 'CREATE TRIGGER',
  RuleStmt: 'CREATE RULE',
  CreateEnumStmt: 'CREATE TYPE',
  CompositeTypeStmt: 'CREATE TYPE',
  CreateRangeStmt: 'CREATE TYPE',
  AlterEnumStmt: 'ALTER TYPE',
  AlterSeqStmt: 'ALTER SEQUENCE',
  RenameStmt: 'RENAME',
  AlterOwnerStmt: 'OWNER TO',
  RefreshMatViewStmt: 'REFRESH MATERIALIZED VIEW',
};

/**
 * What may run other code behind it, as the catalog's `undecided` has it; undefined: it may leave anything in its session, or
 * bring code to bear that nobody names.
 */
export function meaningsOf(node: Node): readonly string[] | undefined {
  if (Object.keys(node).every((kind) => QUIET.has(kind))) return [];
  if ('CreateStmt' in node) return ofTable(node.CreateStmt);
  if ('CreateSeqStmt' in node) return isTemporary(node.CreateSeqStmt.sequence) ? undefined : [];
  if ('CreateTableAsStmt' in node) return ofQuery(node.CreateTableAsStmt);
  if ('CreateSchemaStmt' in node)
    return (node.CreateSchemaStmt.schemaElts ?? []).length === 0 ? [] : undefined;
  if ('AlterTableStmt' in node) return ofChange(node.AlterTableStmt);
  if ('ViewStmt' in node) return isTemporary(node.ViewStmt.view) ? undefined : changes(node.ViewStmt.view);
  if ('CreateTrigStmt' in node) return changes(node.CreateTrigStmt.relation);
  if ('RuleStmt' in node) return changes(node.RuleStmt.relation);
  if ('CreateFunctionStmt' in node) return routines(node.CreateFunctionStmt.funcname);
  if ('AlterFunctionStmt' in node) return routines(node.AlterFunctionStmt.func?.objname);
  if ('RenameStmt' in node) return ofRename(node.RenameStmt);
  return 'DropStmt' in node ? ofDrop(node.DropStmt) : undefined;
}

/** libpg-query's names. */
const QUIET: ReadonlySet<string> = new Set([
  ...['CreateEnumStmt', 'AlterEnumStmt', 'CompositeTypeStmt', 'CreateDomainStmt', 'CreateExtensionStmt'],
  ...['CreatePLangStmt', 'CreateRoleStmt', 'AlterRoleStmt', 'GrantRoleStmt', 'GrantStmt'],
  ...['AlterDefaultPrivilegesStmt', 'IndexStmt', 'AlterSeqStmt', 'CommentStmt', 'AlterOwnerStmt'],
  ...['CreatePolicyStmt', 'CreateStatsStmt'],
]);

function isTemporary(range: RangeVar | undefined): boolean {
  return range?.relpersistence === 't';
}

/** Whoever changes rows there. */
function changes(...ranges: readonly (RangeVar | undefined)[]): readonly string[] {
  return ranges.map((range) => undecided('change', range?.relname ?? ''));
}

function routines(words: readonly Node[] | undefined): readonly string[] {
  return [undecided('routine', stringOf(words?.at(-1)) ?? '')];
}

/** A new table has no triggers, unless it gets those of its parents. */
function ofTable({ relation, inhRelations = [], partbound }: CreateStmt): readonly string[] | undefined {
  if (isTemporary(relation)) return undefined;
  return inhRelations.length === 0 && partbound === undefined ? [] : changes(relation);
}

/** A prepared statement is its session's. */
function ofQuery({ into, query }: CreateTableAsStmt): readonly string[] | undefined {
  const isPrepared = query !== undefined && 'ExecuteStmt' in query;
  return isTemporary(into?.rel) || isPrepared ? undefined : [];
}

function ofChange({ relation, cmds = [] }: AlterTableStmt): readonly string[] | undefined {
  const names: string[] = [];
  for (const command of cmds) {
    if (!('AlterTableCmd' in command)) return undefined;
    const { subtype = 'AT_AddColumn', def, behavior } = command.AlterTableCmd;
    if (behavior === 'DROP_CASCADE') return undefined;
    if (PLAIN_CHANGES.has(subtype)) continue;
    // Triggers and rules that are switched, and those that a partition or an heir gets.
    const part = def !== undefined && 'PartitionCmd' in def ? def.PartitionCmd.name : undefined;
    const heir = def !== undefined && 'RangeVar' in def ? def.RangeVar : undefined;
    names.push(...changes(relation, ...[part, heir].filter((one) => one !== undefined)));
  }
  return names;
}

const PLAIN_CHANGES: ReadonlySet<string> = new Set([
  ...[
    'AT_AddColumn',
    'AT_DropColumn',
    'AT_AlterColumnType',
    'AT_ColumnDefault',
    'AT_SetNotNull',
    'AT_DropNotNull',
  ],
  ...['AT_AddConstraint', 'AT_DropConstraint', 'AT_AddIdentity', 'AT_SetIdentity', 'AT_DropIdentity'],
  ...['AT_ChangeOwner', 'AT_SetStatistics', 'AT_SetStorage', 'AT_SetCompression', 'AT_SetRelOptions'],
  ...['AT_ResetRelOptions', 'AT_ReplicaIdentity', 'AT_EnableRowSecurity', 'AT_ForceRowSecurity'],
]);

function ofRename({
  renameType = 'OBJECT_TABLE',
  relation,
  object,
  newname = '',
}: RenameStmt): readonly string[] | undefined {
  if (PARTS.has(renameType)) return [];
  if (RELATIONS.has(renameType))
    return [relation?.relname ?? '', newname].map((name) => undecided('use', name));
  if (!ROUTINES.has(renameType) || object === undefined || !('ObjectWithArgs' in object)) return undefined;
  return [...routines(object.ObjectWithArgs.objname), undecided('routine', newname)];
}

/** What else goes with CASCADE is not said. */
function ofDrop({
  removeType = 'OBJECT_TABLE',
  objects = [],
  behavior,
}: DropStmt): readonly string[] | undefined {
  if (behavior === 'DROP_CASCADE') return undefined;
  if (PARTS.has(removeType) || removeType === 'OBJECT_INDEX') return [];
  if (RELATIONS.has(removeType)) return objects.map((one) => undecided('use', lastWord(one)));
  return ROUTINES.has(removeType) ? objects.map((one) => undecided('routine', lastWord(one))) : undefined;
}

function lastWord(object: Node): string {
  if ('ObjectWithArgs' in object) return stringOf(object.ObjectWithArgs.objname?.at(-1)) ?? '';
  return 'List' in object ? (stringOf(object.List.items?.at(-1)) ?? '') : '';
}

/** Nothing else comes to be meant by what follows. */
const PARTS: ReadonlySet<string> = new Set([
  ...['OBJECT_COLUMN', 'OBJECT_ATTRIBUTE', 'OBJECT_TABCONSTRAINT', 'OBJECT_DOMCONSTRAINT'],
  ...['OBJECT_TRIGGER', 'OBJECT_POLICY'],
]);
const RELATIONS: ReadonlySet<string> = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_MATVIEW',
]);
const ROUTINES: ReadonlySet<string> = new Set(['OBJECT_FUNCTION', 'OBJECT_PROCEDURE']);
