/**
 * Kinds of statements that run alone, each with its reason. `opaque`: what they do to the objects that the symbolic catalog keeps
 * is not followed, so the catalog is read again after them. `known`: they do nothing to these (it keeps no languages,
 * publications, foreign servers …).
 */
export interface BarrierKind {
  readonly reason: string;
  readonly isOpaque: boolean;
}

const opaque = (reason: string): BarrierKind => ({ reason, isOpaque: true });
const known = (reason: string): BarrierKind => ({ reason, isOpaque: false });

export const BARRIERS: Readonly<Record<string, BarrierKind>> = {
  // Extensions bring objects and code that their scripts make.
  AlterExtensionStmt: opaque('ALTER EXTENSION runs the extension’s own script'),
  AlterExtensionContentsStmt: opaque('ALTER EXTENSION changes what belongs to it'),
  CreatePLangStmt: known('CREATE LANGUAGE brings code in'),
  CreateTransformStmt: known('CREATE TRANSFORM changes how functions are called'),
  CreateAmStmt: known('CREATE ACCESS METHOD brings code in'),
  CreateConversionStmt: known('CREATE CONVERSION changes how texts are read'),
  // Code that runs with later statements without being named in them.
  AlterEventTrigStmt: opaque('event triggers run with all DDL'),
  // Operators: what a sign means may change.
  CreateOpFamilyStmt: opaque('operator families decide which operators are used'),
  AlterOpFamilyStmt: opaque('operator families decide which operators are used'),
  AlterOperatorStmt: opaque('ALTER OPERATOR changes how it is used'),
  // Replication: publishing a table forbids some changes of it.
  CreatePublicationStmt: known('publications change what may be done to tables'),
  AlterPublicationStmt: known('publications change what may be done to tables'),
  CreateSubscriptionStmt: known('subscriptions bring rows from elsewhere'),
  AlterSubscriptionStmt: known('subscriptions bring rows from elsewhere'),
  DropSubscriptionStmt: known('subscriptions bring rows from elsewhere'),
  // Foreign data: what is read lies elsewhere.
  CreateFdwStmt: known('foreign data wrappers bring code in'),
  AlterFdwStmt: known('foreign data wrappers bring code in'),
  CreateForeignServerStmt: known('foreign servers decide where foreign tables are'),
  AlterForeignServerStmt: known('foreign servers decide where foreign tables are'),
  CreateUserMappingStmt: known('user mappings decide how foreign tables are reached'),
  AlterUserMappingStmt: known('user mappings decide how foreign tables are reached'),
  DropUserMappingStmt: known('user mappings decide how foreign tables are reached'),
  ImportForeignSchemaStmt: opaque('IMPORT FOREIGN SCHEMA makes tables that it does not name'),
  // Whole databases and servers.
  CreatedbStmt: known('CREATE DATABASE copies what is there'),
  AlterDatabaseStmt: known('ALTER DATABASE is about everything in it'),
  AlterDatabaseRefreshCollStmt: known('ALTER DATABASE is about everything in it'),
  AlterDatabaseSetStmt: opaque('ALTER DATABASE … SET changes how sessions begin'),
  DropdbStmt: known('DROP DATABASE is about everything in it'),
  AlterSystemStmt: known('ALTER SYSTEM is about the whole server'),
  CreateTableSpaceStmt: known('tablespaces are the server’s'),
  AlterTableSpaceOptionsStmt: known('tablespaces are the server’s'),
  DropTableSpaceStmt: known('tablespaces are the server’s'),
  AlterTableMoveAllStmt: known('it moves all objects of a tablespace'),
  // Rare definitions.
  AlterCollationStmt: known('ALTER COLLATION is about all that uses it'),
  AlterObjectDependsStmt: opaque('DEPENDS ON EXTENSION changes what a later DROP takes along'),
  AlterStatsStmt: known('ALTER STATISTICS'),
  AlterTSConfigurationStmt: known('text search configurations decide what texts mean'),
  AlterTSDictionaryStmt: known('text search dictionaries decide what texts mean'),
};

/** Parse nodes that are no statements of their own: inside others, or only of the parser. */
export const NO_STATEMENTS: ReadonlySet<string> = new Set([
  ...['RawStmt', 'SetOperationStmt', 'ReturnStmt', 'PLAssignStmt', 'ReplicaIdentityStmt'],
]);

/**
 * Statements that fire no event triggers, and those that do so only by what is in them (SELECT … INTO: its rule says so). All
 * others may. Source: src/include/tcop/cmdtaglist.h.
 */
export const WITHOUT_EVENTS: ReadonlySet<string> = new Set([
  ...[
    'SelectStmt',
    'InsertStmt',
    'UpdateStmt',
    'DeleteStmt',
    'MergeStmt',
    'CopyStmt',
    'TruncateStmt',
    'CallStmt',
  ],
  ...[
    'DoStmt',
    'LockStmt',
    'ExplainStmt',
    'PrepareStmt',
    'ExecuteStmt',
    'DeallocateStmt',
    'DeclareCursorStmt',
  ],
  ...['FetchStmt', 'ClosePortalStmt', 'ListenStmt', 'UnlistenStmt', 'NotifyStmt', 'DiscardStmt', 'LoadStmt'],
  ...['VariableSetStmt', 'VariableShowStmt', 'TransactionStmt', 'ConstraintsSetStmt', 'CheckPointStmt'],
  ...['VacuumStmt', 'ClusterStmt', 'CreateEventTrigStmt', 'AlterEventTrigStmt'],
  ...['CreateRoleStmt', 'AlterRoleStmt', 'AlterRoleSetStmt', 'DropRoleStmt', 'GrantRoleStmt'],
  ...[
    'CreatedbStmt',
    'AlterDatabaseStmt',
    'AlterDatabaseSetStmt',
    'AlterDatabaseRefreshCollStmt',
    'DropdbStmt',
  ],
  ...['CreateTableSpaceStmt', 'AlterTableSpaceOptionsStmt', 'DropTableSpaceStmt', 'AlterSystemStmt'],
]);
