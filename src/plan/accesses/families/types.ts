import type { Constraint as ConstraintNode, DefineStmt, Node, TypeName } from 'libpg-query';
import { joinBounds } from '../../catalog/bound.js';
import type { Relation, UserType } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import { wordsOf } from '../walk.js';
import { constraintsOf, emptyRelation, stored, useCollation } from './columns.js';
import { chooseConstraintName, takeNames } from './constraint-names.js';
import { callHidden } from './functions.js';
import { HIDDEN } from '../follow.js';
import { nameOf } from '../mentions.js';
import { optionNamed } from './options.js';
import type { Rules } from './rule.js';
import { defineRelationSlots } from './tables.js';

/** Types, domains, aggregates, operators and casts. What alters a type is unknown: columns, rows and functions depend on it. */
export const TYPE_RULES: Rules = {
  CreateEnumStmt: ({ typeName: words }, scope) => createType(words, { kind: 'enum', parts: [] }, scope),
  CreateRangeStmt: ({ typeName: words, params = [] }, scope) => {
    const subtype = scope.type(typeParameter(params, 'subtype'));
    const parts = subtype === undefined ? [] : [subtype.id];
    const { schema, name } = createType(words, { kind: 'range', parts }, scope);
    const multirange = typeParameter(params, 'multirange_type_name');
    const made =
      multirange === undefined ? { schema, name: multirangeName(name) } : nameOf(wordsOf(multirange.names));
    const other = scope.creationSchema(made.schema);
    for (const one of [made.name, `_${made.name}`]) scope.defineSlot('type', other, one);
    // Each type has functions that make its values.
    scope.defineSlot('routine', schema, name);
    scope.defineSlot('routine', other, made.name);
    callHidden(functionsOf(params), scope);
  },
  CreateDomainStmt: ({ domainname: words, typeName, constraints, collClause }, scope) => {
    const base = scope.typeOrRelation(typeName);
    useCollation(collClause?.collname, scope);
    const checks = joinBounds(
      constraintsOf(constraints).map(({ raw_expr: expression }) => stored(expression, scope)),
    );
    const domain = createType(
      words,
      { kind: 'domain', parts: base === undefined ? [] : [base], checks },
      scope,
    );
    scope.catalog.put({
      ...domain,
      constraints: domainConstraints(constraintsOf(constraints), domain, scope),
    });
  },
  CompositeTypeStmt: ({ typevar, coldeflist = [] }, scope) => {
    if (typevar === undefined) return;
    scope.ddl();
    const schema = scope.creationSchema(typevar.schemaname);
    const name = typevar.relname ?? '';
    const attributes = coldeflist.flatMap((one) => ('ColumnDef' in one ? [one.ColumnDef] : []));
    const parts = attributes.flatMap(({ typeName }) => scope.typeOrRelation(typeName) ?? []);
    for (const { collClause } of attributes) useCollation(collClause?.collname, scope);
    const table = { id: scope.fresh('type', schema, name), schema, name };
    defineRelationSlots(scope, table);
    const type: UserType = { class: 'type', kind: 'composite', parts, ...table };
    scope.create(type, 'type');
    const relation: Relation = {
      ...emptyRelation({ ...table, id: scope.fresh('type', schema, name) }, 'composite type'),
      ofType: type.id,
    };
    scope.create(relation, 'relation');
  },
  DefineStmt: define,
  CreateCastStmt: ({ func, sourcetype, targettype }, scope) => {
    scope.type(sourcetype);
    scope.type(targettype);
    callHidden([wordsOf(func?.objname)], scope);
  },
  CreateOpClassStmt: ({ opclassname, datatype, items = [] }, scope) => {
    scope.creationSchema(nameOf(wordsOf(opclassname)).schema);
    scope.type(datatype);
    callHidden(
      items.flatMap((item) =>
        'CreateOpClassItem' in item ? [wordsOf(item.CreateOpClassItem.name?.objname)] : [],
      ),
      scope,
    );
  },
  AlterEnumStmt: ({ typeName: words }, scope) => {
    scope.ddl();
    const type = scope.typeNamed(words);
    if (type !== undefined) scope.define(type);
    scope.touch.alone.push('ALTER TYPE … ADD VALUE changes what values may be written');
  },
  AlterDomainStmt: (_node, scope) => {
    scope.ddl();
    scope.touch.unknown.push('ALTER DOMAIN looks at all columns of the domain');
  },
  AlterTypeStmt: (_node, scope) => {
    scope.ddl();
    scope.touch.unknown.push('ALTER TYPE changes how values are stored');
  },
};

/** Their names stand beside those of tables; of NOT NULL from PostgreSQL 17 on. */
function domainConstraints(
  nodes: readonly ConstraintNode[],
  domain: UserType,
  scope: Scope,
): readonly { readonly name: string }[] {
  const constraints = nodes.flatMap(({ contype, conname }) => {
    if (contype !== 'CONSTR_CHECK' && contype !== 'CONSTR_NOTNULL') return [];
    const label = contype === 'CONSTR_CHECK' ? 'check' : 'not_null';
    return [{ name: conname ?? chooseConstraintName(domain, { second: '', label }, scope) }];
  });
  takeNames(constraints, domain.schema, scope);
  return constraints;
}

function typeParameter(params: readonly Node[], name: string): TypeName | undefined {
  const arg = optionNamed(params, name);
  return arg !== undefined && 'TypeName' in arg ? arg.TypeName : undefined;
}

/** What PostgreSQL calls it. Source: src/backend/catalog/pg_type.c, makeMultirangeTypeName. */
function multirangeName(range: string): string {
  return range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`;
}

function createType(
  words: readonly Node[] | undefined,
  rest: Pick<UserType, 'kind' | 'parts' | 'checks'>,
  scope: Scope,
): UserType {
  scope.ddl();
  const name = nameOf(wordsOf(words));
  const schema = scope.creationSchema(name.schema);
  scope.defineSlot('type', schema, `_${name.name}`);
  const id = scope.fresh(rest.kind === 'domain' ? 'domain' : 'type', schema, name.name);
  const type: UserType = { class: 'type', id, schema, name: name.name, ...rest };
  scope.create(type, 'type');
  return type;
}

function define(node: DefineStmt, scope: Scope): void {
  const { kind, defnames, definition = [] } = node;
  switch (kind) {
    case 'OBJECT_AGGREGATE': {
      aggregate(node, scope);
      return;
    }
    case 'OBJECT_OPERATOR': {
      scope.creationSchema(nameOf(wordsOf(defnames)).schema);
      scope.useTypes(definition);
      callHidden(functionsOf(definition), scope);
      return;
    }
    case 'OBJECT_COLLATION': {
      scope.ddl();
      scope.touch.named(HIDDEN, 'define');
      const name = nameOf(wordsOf(defnames));
      const schema = scope.creationSchema(name.schema);
      const id = scope.fresh('collation', schema, name.name);
      scope.create(
        { class: 'plain', kind: 'collation', id, schema, name: name.name, refers: [] },
        'collation',
      );
      return;
    }
    default:
      scope.ddl();
      // Text search: the symbolic catalog keeps nothing of it.
      scope.touch.alone.push('a definition of a kind that is not followed');
  }
}

function aggregate({ defnames, definition = [], args = [] }: DefineStmt, scope: Scope): void {
  scope.ddl();
  const name = nameOf(wordsOf(defnames));
  const schema = scope.creationSchema(name.schema);
  scope.useTypes([args, definition]);
  const parts = functionsOf(definition).flatMap((words) => scope.routines(nameOf(words)));
  for (const { id } of parts) scope.use(id);
  scope.create(
    {
      class: 'routine',
      id: scope.fresh('aggregate', schema, `${name.name}()`),
      schema,
      name: name.name,
      language: 'aggregate',
      source: '',
      body: { relations: [], routines: parts.map(({ id }) => id), types: [], effects: [], unknown: [] },
      isString: false,
      arguments: JSON.stringify(args),
      types: [],
      volatility: 'volatile',
    },
    'routine',
  );
}

/** Names in a definition that may be functions: `SFUNC = f`. */
function functionsOf(definition: readonly Node[]): readonly (readonly string[])[] {
  return definition.flatMap((one) => {
    const arg = 'DefElem' in one ? one.DefElem.arg : undefined;
    if (arg === undefined) return [];
    if ('TypeName' in arg) return [wordsOf(arg.TypeName.names)];
    if ('List' in arg) return [wordsOf(arg.List.items)];
    return 'String' in arg ? [[arg.String.sval ?? '']] : [];
  });
}
