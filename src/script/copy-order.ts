import type { ColumnDef, CopyStmt, CreateStmt, FuncCall, Node, RangeVar } from 'libpg-query';
import { booleanOption, nodeName, objectsOf, stringOf } from './tree.js';
import type { Parser } from './syntax.js';
import type { CopySplit } from '../model/script.js';

/**
 * May the rows of a COPY … FROM STDIN be loaded by several connections, in any order, without anybody being able to tell?
 *
 * `safe` only where the run itself has made the table and nothing since could see the order or draw from it: every column
 * is in the data (so no serial value is drawn), and there is no trigger, rule, foreign key (rows may refer to each other)
 * or exclusion constraint on it yet. This is how dumps load. `unknown` for any other table: the author may know. Undefined
 * where the data cannot be cut at line feeds: CSV and binary, or with a header.
 *
 * It knows only what statements say: whatever may run code of the user (DO, CALL, functions) makes it forget all tables. They are
 * looked at when a COPY comes: most scripts have none.
 */
export class CopyOrder {
  /** Tables that are safe, and their columns, by name as written; unqualified names hold as long as the search_path does. */
  readonly #tables = new Map<string, ReadonlySet<string>>();
  /** Statements that have not been looked at yet. */
  readonly #waiting: string[] = [];
  readonly #parser: Pick<Parser, 'parse'>;

  constructor(parser: Pick<Parser, 'parse'>) {
    this.#parser = parser;
  }

  /** Whether the COPY that this is may be split; what it means for those behind it is kept. Undefined nodes: it was not parsed. */
  take(nodes: readonly Node[] | undefined, text: string): CopySplit | undefined {
    if (nodes === undefined) {
      this.followUnknown();
      return undefined;
    }
    const [node, second] = nodes;
    const split = second === undefined ? this.#splitOf(node) : undefined;
    if (node !== undefined) this.follow(text, second === undefined ? nodeName(node) : '');
    return split;
  }

  /** A statement that may mean something for the COPYs behind it; `kind`: libpg-query's name of what it is. */
  follow(text: string, kind: string): void {
    // Only they make tables that are safe.
    if (this.#tables.size + this.#waiting.length > 0 || kind === 'CreateStmt') this.#waiting.push(text);
  }

  #catchUp(): void {
    for (const text of this.#waiting.splice(0)) {
      const parsed = this.#parser.parse(text);
      if (parsed.kind === 'parsed') for (const node of parsed.nodes) this.#look(node);
      else this.#tables.clear();
    }
  }

  #look(node: Node): void {
    if ('CreateStmt' in node) this.#create(node.CreateStmt);
    else if ('AlterTableStmt' in node) {
      const { relation, cmds = [] } = node.AlterTableStmt;
      if (!cmds.every(isHarmless)) this.#tables.delete(nameOf(relation));
    } else if (this.#tables.size === 0 || isConstantInsert(node)) return;
    else if (changesPath(node)) this.#forgetUnqualified();
    else if (!KEEPS.has(nodeName(node)) || callsUser(node)) this.#tables.clear();
  }

  /** A statement that was not parsed. */
  followUnknown(): void {
    this.#waiting.length = 0;
    this.#tables.clear();
  }

  #splitOf(node: Node | undefined): CopySplit | undefined {
    if (node === undefined || !('CopyStmt' in node) || !isPlainText(node.CopyStmt)) return undefined;
    this.#catchUp();
    const { relation, attlist = [] } = node.CopyStmt;
    const columns = this.#tables.get(nameOf(relation));
    if (columns === undefined) return 'unknown';
    const given = new Set(attlist.map(stringOf));
    return given.size === 0 || [...columns].every((column) => given.has(column)) ? 'safe' : 'unknown';
  }

  #create({ relation, tableElts = [], inhRelations = [], ofTypename, constraints = [] }: CreateStmt): void {
    const name = nameOf(relation);
    this.#tables.delete(name);
    const columns = tableElts.flatMap((element) => ('ColumnDef' in element ? [element.ColumnDef] : []));
    const others = [...tableElts.filter((element) => !('ColumnDef' in element)), ...constraints];
    const isPlain =
      inhRelations.length === 0 && ofTypename === undefined && others.every(isHarmlessConstraint);
    const all = columns.flatMap(({ constraints: own = [] }) => own);
    if (!isPlain || !all.every(isHarmlessConstraint)) return;
    this.#tables.set(name, new Set(columns.filter(isStored).map(({ colname = '' }) => colname)));
  }

  #forgetUnqualified(): void {
    for (const name of this.#tables.keys()) if (!name.includes('.')) this.#tables.delete(name);
  }
}

function nameOf(relation: RangeVar | undefined): string {
  const { schemaname, relname = '' } = relation ?? {};
  return schemaname === undefined
    ? JSON.stringify(relname).replaceAll('.', '\\u002e')
    : `${schemaname}.${relname}`;
}

/** Text format without a header: a line feed ends a row, unless a backslash stands before it. */
function isPlainText({ options = [] }: CopyStmt): boolean {
  return options.every((option) => {
    if (!('DefElem' in option)) return false;
    const { defname = '', arg } = option.DefElem;
    if (defname === 'format') return stringOf(arg) === 'text';
    return defname === 'header' ? booleanOption(options, 'header') === false : defname !== 'on_error';
  });
}

/** A generated column is in no data. */
function isStored({ constraints = [] }: ColumnDef): boolean {
  return !constraints.some((node) => 'Constraint' in node && node.Constraint.contype === 'CONSTR_GENERATED');
}

/** Keys and checks say no more about a row than that it may be there, whichever comes first. */
function isHarmlessConstraint(node: Node): boolean {
  if (!('Constraint' in node)) return false;
  const { contype } = node.Constraint;
  return contype !== 'CONSTR_FOREIGN' && contype !== 'CONSTR_EXCLUSION' && !callsUser(node);
}

function isHarmless(command: Node): boolean {
  if (!('AlterTableCmd' in command)) return false;
  const { subtype = '', def } = command.AlterTableCmd;
  if (subtype === 'AT_AddConstraint') return def !== undefined && isHarmlessConstraint(def);
  return HARMLESS_CHANGES.has(subtype);
}

const HARMLESS_CHANGES: ReadonlySet<string> = new Set([
  ...['AT_ChangeOwner', 'AT_ColumnDefault', 'AT_AddIdentity', 'AT_AttachPartition', 'AT_ReplicaIdentity'],
  ...['AT_SetStatistics', 'AT_SetStorage', 'AT_SetCompression', 'AT_SetRelOptions', 'AT_ClusterOn'],
  ...['AT_EnableRowSecurity', 'AT_ForceRowSecurity', 'AT_SetNotNull', 'AT_SetOptions'],
]);

/** Statements that make no trigger, rule, or anything else of the kind on a table. */
const KEEPS: ReadonlySet<string> = new Set([
  ...[
    'CopyStmt',
    'SelectStmt',
    'VariableSetStmt',
    'VariableShowStmt',
    'TransactionStmt',
    'CommentStmt',
    'IndexStmt',
  ],
  ...[
    'CreateSeqStmt',
    'AlterSeqStmt',
    'CreateSchemaStmt',
    'CreateFunctionStmt',
    'ViewStmt',
    'DefineStmt',
    'GrantStmt',
  ],
  ...[
    'CompositeTypeStmt',
    'CreateEnumStmt',
    'CreateDomainStmt',
    'CreateRangeStmt',
    'CreateCastStmt',
    'AlterOwnerStmt',
  ],
  ...['CreateExtensionStmt', 'CreateRoleStmt', 'GrantRoleStmt', 'VacuumStmt', 'InsertStmt', 'CreatedbStmt'],
  ...[
    'AlterDefaultPrivilegesStmt',
    'CreateStatsStmt',
    'CreateOpClassStmt',
    'CreateOpFamilyStmt',
    'CreateConversionStmt',
  ],
]);

function changesPath(node: Node): boolean {
  if ('VariableSetStmt' in node)
    return node.VariableSetStmt.name === 'search_path' || node.VariableSetStmt.kind === 'VAR_RESET_ALL';
  return 'SelectStmt' in node && JSON.stringify(node).includes('search_path');
}

/** INSERT … VALUES of nothing but constants: there are scripts of hundreds of thousands, so this must be seen fast. */
function isConstantInsert(node: Node): boolean {
  if (!('InsertStmt' in node)) return false;
  const { selectStmt, onConflictClause, returningClause } = node.InsertStmt;
  if (selectStmt === undefined || onConflictClause !== undefined || returningClause !== undefined)
    return false;
  const rows = 'SelectStmt' in selectStmt ? (selectStmt.SelectStmt.valuesLists ?? []) : [];
  return (
    rows.length > 0 &&
    rows.every((row) => 'List' in row && row.List.items?.every((item) => 'A_Const' in item))
  );
}

/** A function that is not PostgreSQL's own for sure: its schema says so. */
function callsUser(root: Node): boolean {
  for (const object of objectsOf(root)) {
    // What a field of a parse tree holds follows from its name.
    const { FuncCall: call } = object as { readonly FuncCall?: FuncCall };
    if (call !== undefined && !isOwnFunction((call.funcname ?? []).map((part) => stringOf(part) ?? '')))
      return true;
  }
  return false;
}

function isOwnFunction(name: readonly string[]): boolean {
  const [first = '', second] = name;
  return second === undefined ? OWN_FUNCTIONS.has(first) : first === 'pg_catalog';
}

const OWN_FUNCTIONS: ReadonlySet<string> = new Set([
  ...[
    'set_config',
    'setval',
    'nextval',
    'now',
    'current_setting',
    'lower',
    'upper',
    'length',
    'char_length',
    'count',
  ],
  ...['coalesce', 'trim', 'btrim', 'generate_series', 'random', 'md5', 'timezone', 'date_part', 'extract'],
]);
