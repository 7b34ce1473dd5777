import { isNameType } from '../catalog/built-in-relations.js';
import type {
  CommonTableExpr,
  FuncCall,
  InsertStmt,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  TypeCast,
  TypeName,
  WithClause,
} from 'libpg-query';
import type { InsertUse, Operation } from '../catalog/bound.js';
import { constantOf, serialOf } from './constants.js';
import { insertUse, updateUse } from './insert-use.js';
import {
  nameOf,
  NO_MENTIONS,
  type Mentions,
  type Name,
  type RelationMention,
  type RoutineMention,
} from './mentions.js';

/**
 * A parse tree → what it names.
 *
 * The tree is walked as plain JSON: whatever has a field of a known name is treated by what that field always holds, and
 * everything else is walked through, so that a node that nobody thought of is not passed over. Names of common table
 * expressions are not relations: WITH without RECURSIVE sees only those before it, and the target of INSERT, UPDATE, DELETE
 * and MERGE is never one (src/backend/parser/parse_cte.c, parse_relation.c).
 */
export function mentionsOf(root: unknown): Mentions {
  const walk = new Walk();
  walk.visit(root, undefined);
  return walk.mentions();
}

/** Names of common table expressions in scope, the nearest first. */
interface Scope {
  readonly name: string;
  readonly outer: Scope | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

class Walk {
  readonly #relations: RelationMention[] = [];
  readonly #routines: RoutineMention[] = [];
  readonly #types: Name[] = [];
  readonly #attributes = new Set<string>();
  readonly #regclasses: string[] = [];
  readonly #cursors: string[] = [];
  #readsCatalog = false;

  mentions(): Mentions {
    return {
      ...NO_MENTIONS,
      relations: this.#relations,
      routines: this.#routines,
      types: this.#types,
      attributes: [...this.#attributes],
      regclasses: this.#regclasses,
      readsCatalog: this.#readsCatalog,
      cursors: this.#cursors,
    };
  }

  visit(value: unknown, scope: Scope | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, scope);
      return;
    }
    // A node is an object with one field, the name of its type; a typed field holds the node's own fields.
    const fields = value as Fields;
    for (const key in fields) this.#field(key, fields[key], scope);
  }

  #field(key: string, value: unknown, scope: Scope | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    // What a field holds follows from its name: src/include/nodes/parsenodes.h.
    switch (key) {
      case 'SelectStmt': {
        this.#select(value, scope);
        return;
      }
      case 'InsertStmt': {
        this.#insert(value, scope);
        return;
      }
      case 'UpdateStmt': {
        this.#change(value, 'update', scope);
        return;
      }
      case 'DeleteStmt': {
        this.#change(value, 'delete', scope);
        return;
      }
      case 'MergeStmt': {
        this.#merge(value, scope);
        return;
      }
      case 'RangeVar':
      case 'relation': {
        this.#read(value, 'read', scope);
        return;
      }
      case 'FuncCall':
      case 'funccall': {
        this.#call(value, scope);
        return;
      }
      case 'TypeCast': {
        this.#cast(value, scope);
        return;
      }
      case 'TypeName':
      case 'typeName': {
        this.#type(value);
        return;
      }
      case 'ColumnRef': {
        this.#columnRef(value);
        return;
      }
      case 'A_Indirection': {
        this.#indirection(value, scope);
        return;
      }
      case 'CurrentOfExpr':
        this.#cursors.push((value as { readonly cursor_name?: string }).cursor_name ?? '');
        return;
      case 'alias':
      case 'A_Const':
        return;
      default:
        this.visit(value, scope);
    }
  }

  #select(select: SelectStmt, outer: Scope | undefined): void {
    const { withClause, larg, rarg, lockingClause, ...rest } = select;
    const scope = this.#with(withClause, outer);
    if (larg !== undefined) this.#select(larg, scope);
    if (rarg !== undefined) this.#select(rarg, scope);
    if (lockingClause !== undefined) this.#lockAll(select.fromClause, scope);
    this.visit(rest, scope);
  }

  /** FOR UPDATE and its kin lock rows of what stands in FROM. */
  #lockAll(value: unknown, scope: Scope | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'RangeVar') this.#read(inner as RangeVar, 'lock', scope);
      else this.#lockAll(inner, scope);
    }
  }

  #with(clause: WithClause | undefined, outer: Scope | undefined): Scope | undefined {
    let scope = outer;
    const tables = (clause?.ctes ?? []).flatMap((node) =>
      'CommonTableExpr' in node ? [node.CommonTableExpr] : [],
    );
    const named = (table: CommonTableExpr): Scope => ({ name: table.ctename ?? '', outer: scope });
    if (clause?.recursive === true) for (const table of tables) scope = named(table);
    for (const table of tables) {
      this.visit(table.ctequery, scope);
      if (clause?.recursive !== true) scope = named(table);
    }
    return scope;
  }

  #insert(insert: InsertStmt, outer: Scope | undefined): void {
    const { relation, withClause, cols, onConflictClause, ...rest } = insert;
    const scope = this.#with(withClause, outer);
    const columns = cols?.flatMap((node) => ('ResTarget' in node ? [node.ResTarget.name ?? ''] : []));
    if (relation !== undefined) this.#target(relation, 'insert', insertUse(insert, columns));
    if (cols !== undefined) this.visit(cols, scope);
    if (onConflictClause !== undefined) {
      this.visit(onConflictClause, scope);
      if (onConflictClause.action === 'ONCONFLICT_UPDATE' && relation !== undefined)
        this.#target(relation, 'update', updateUse(onConflictClause.targetList));
    }
    this.visit(rest, scope);
  }

  #change(value: object, operation: 'update' | 'delete', outer: Scope | undefined): void {
    const { relation, withClause, ...rest } = value as {
      readonly relation?: RangeVar;
      readonly withClause?: WithClause;
      readonly targetList?: readonly Node[];
    };
    const scope = this.#with(withClause, outer);
    if (relation !== undefined) this.#target(relation, operation, updateUse(rest.targetList));
    this.visit(rest, scope);
  }

  #merge(merge: MergeStmt, outer: Scope | undefined): void {
    const { relation, withClause, ...rest } = merge;
    const scope = this.#with(withClause, outer);
    for (const clause of merge.mergeWhenClauses ?? []) {
      if (!('MergeWhenClause' in clause) || relation === undefined) continue;
      const { commandType, targetList } = clause.MergeWhenClause;
      if (commandType === 'CMD_INSERT')
        this.#target(relation, 'insert', { hasDefaults: true, onConflict: 'update', overridesUser: false });
      else if (commandType === 'CMD_UPDATE') this.#target(relation, 'update', updateUse(targetList));
      else if (commandType === 'CMD_DELETE') this.#target(relation, 'delete');
    }
    if (relation !== undefined) this.#target(relation, 'read');
    this.visit(rest, scope);
  }

  #target(relation: RangeVar, operation: Operation, insert?: InsertUse): void {
    this.#relations.push({
      ...rangeName(relation),
      operation,
      isOnly: relation.inh !== true,
      ...(insert === undefined ? {} : { insert }),
    });
  }

  #read(relation: RangeVar, operation: 'read' | 'lock', scope: Scope | undefined): void {
    if (relation.schemaname === undefined && isInScope(scope, relation.relname ?? '')) return;
    this.#target(relation, operation);
  }

  #call(call: FuncCall, scope: Scope | undefined): void {
    const { funcname, args = [], ...rest } = call;
    const name = nameOf(wordsOf(funcname));
    const [first, ...others] = args;
    const constant = constantOf(first);
    const serial = OF_SEQUENCES.has(name.name) ? serialOf(first) : undefined;
    this.#routines.push({
      ...name,
      argumentCount: args.length,
      ...(constant === undefined ? {} : { constant }),
      ...(serial === undefined ? {} : { serial }),
    });
    this.visit(serial === undefined ? args : others, scope);
    this.visit(rest, scope);
  }

  #cast({ arg, typeName }: TypeCast, scope: Scope | undefined): void {
    const target = typeName === undefined ? undefined : nameOf(wordsOf(typeName.names));
    if (typeName !== undefined) this.#type(typeName);
    if (target !== undefined && isNameType(target.name)) {
      const constant = constantOf(arg);
      if (target.name === 'regclass' && constant !== undefined) this.#regclasses.push(constant);
      else this.#readsCatalog = true;
    }
    this.visit(arg, scope);
  }

  #type(type: TypeName): void {
    const words = wordsOf(type.names);
    // `t.a%TYPE`: the type of a column, thus a look at the table.
    if (type.pct_type === true) {
      const table = nameOf(words.slice(0, -1));
      this.#relations.push({ ...table, operation: 'name', isOnly: true });
      return;
    }
    if (words[0] !== 'pg_catalog') this.#types.push(nameOf(words));
  }

  #columnRef({ fields = [] }: { readonly fields?: readonly Node[] }): void {
    if (fields.length < 2) return;
    const last = fields.at(-1);
    if (last !== undefined && 'String' in last) this.#attributes.add(last.String.sval ?? '');
  }

  #indirection(
    value: { readonly arg?: Node; readonly indirection?: readonly Node[] },
    scope: Scope | undefined,
  ): void {
    for (const step of value.indirection ?? [])
      if ('String' in step) this.#attributes.add(step.String.sval ?? '');
    this.visit(value.arg, scope);
    this.visit(value.indirection, scope);
  }
}

function isInScope(scope: Scope | undefined, name: string): boolean {
  for (let at = scope; at !== undefined; at = at.outer) if (at.name === name) return true;
  return false;
}

/** The words of a qualified name. */
export function wordsOf(nodes: readonly Node[] | undefined): readonly string[] {
  const words: string[] = [];
  for (const node of nodes ?? []) if ('String' in node) words.push(node.String.sval ?? '');
  return words;
}

export function rangeName({ schemaname, relname = '' }: RangeVar): Name {
  return schemaname === undefined ? { name: relname } : { schema: schemaname, name: relname };
}

/** They take a sequence first. */
const OF_SEQUENCES: ReadonlySet<string> = new Set(['nextval', 'setval', 'currval']);
