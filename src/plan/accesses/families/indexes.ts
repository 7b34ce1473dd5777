import type { IndexStmt } from 'libpg-query';
import type { Relation } from '../../catalog/objects.js';
import { chooseRelationName } from '../auto-names.js';
import { keyNames } from '../index-names.js';
import { namedColumns } from '../named-columns.js';
import type { Scope } from '../scope.js';
import { wordsOf } from '../walk.js';
import { addIndex } from './columns.js';
import type { Rules } from './rule.js';

/** Indexes and statistics. Source: src/backend/commands/indexcmds.c, statscmds.c. */
export const INDEX_RULES: Rules = {
  IndexStmt: createIndex,
  ReindexStmt: ({ kind, relation: range, name, params = [] }, scope) => {
    const isConcurrent = params.some(
      (option) => 'DefElem' in option && option.DefElem.defname === 'concurrently',
    );
    if (isConcurrent) scope.touch.alone.push('REINDEX CONCURRENTLY waits for all older transactions');
    if (range === undefined) scope.touch.alone.push(`REINDEX of ${name ?? 'everything'}`);
    scope.changesCounts();
    const relation = range === undefined ? undefined : scope.relation(range);
    const table =
      relation?.kind === 'index' && relation.table !== undefined
        ? scope.catalog.relation(relation.table)
        : relation;
    if (table === undefined || kind === 'REINDEX_OBJECT_SCHEMA') return;
    scope.defineTree(table);
    for (const index of scope.catalog.indexes(table.id)) scope.define(index);
    buildIndexes([table], scope);
  },
  CreateStatsStmt: ({ defnames, relations = [], exprs = [], if_not_exists: mayExist }, scope) => {
    scope.ddl();
    for (const node of relations) {
      const table = 'RangeVar' in node ? scope.relation(node.RangeVar) : undefined;
      if (table !== undefined) scope.touch.add(table.id, 'maintain');
    }
    const expressions = scope.bind(exprs);
    scope.store(expressions);
    const words = wordsOf(defnames);
    if (words.length === 0) scope.touch.alone.push('statistics without a name of their own');
    if (words.length === 0) return;
    const schema = scope.creationSchema(words.at(-2));
    const name = words.at(-1) ?? '';
    scope.defineSlot('statistics', schema, name);
    const taken = scope.catalog.plainNamed('statistics', schema, name);
    if (taken !== undefined && mayExist === true) return;
    const id = scope.fresh('statistics', schema, name);
    const refers = relations.flatMap((node) =>
      'RangeVar' in node
        ? (scope.names.relation({ schema: node.RangeVar.schemaname, name: node.RangeVar.relname ?? '' })
            .relation?.id ?? [])
        : [],
    );
    scope.create({ class: 'plain', kind: 'statistics', id, schema, name, refers, expressions }, 'statistics');
  },
};

function createIndex(node: IndexStmt, scope: Scope): void {
  scope.ddl();
  const table = scope.relation(node.relation);
  if (table === undefined) return;
  if (node.concurrent === true)
    scope.touch.alone.push('CREATE INDEX CONCURRENTLY waits for all older transactions');
  const { schema } = table;
  const expressions = scope.bind([node.indexParams ?? [], node.whereClause ?? {}]);
  const written = node.idxname;
  const taken = written === undefined ? undefined : scope.taken(schema, written);
  if (taken !== undefined && node.if_not_exists === true) {
    scope.useSlot(`relation ${schema}.${written ?? ''}`);
    scope.use(taken.id);
    return;
  }
  // Tables that only inherit get none.
  const isTree = table.kind === 'partitioned table' && node.relation?.inh === true;
  const all = isTree ? [table, ...scope.follower.heirs(table)] : [table];
  for (const one of all) scope.touch.add(one.id, 'index');
  for (const above of scope.follower.ancestors(table)) scope.use(above.id);
  scope.follow(expressions);
  const isUnique = node.unique === true;
  if (written !== undefined) scope.defineSlot('relation', schema, written);
  const names = keyNames(node);
  const indexed = namedColumns([node.indexParams, node.indexIncludingParams, node.whereClause]);
  const second = names.join('_');
  if (isUnique || isTree || isAgeTold(table, scope)) for (const one of all) inOrderOfAge(one, names, scope);
  for (const one of all) {
    // Of a partitioned table: each partition gets one, with a name of its own.
    const name =
      one === table && written !== undefined
        ? written
        : chooseRelationName(scope, { schema: one.schema, first: one.name, second, label: 'idx' });
    addIndex(scope, {
      table: one,
      name,
      expressions,
      isUnique,
      indexed,
      keys: names,
      isDoubtful: one !== table,
    });
  }
}

/** Of the indexes of a table that is no partitioned one. */
function isAgeTold(table: Relation, { follower }: Scope): boolean {
  return follower.strictOrder || follower.ancestors(table).length > 0 || follower.agesAreTold();
}

/**
 * Indexes of one table that are alike are told apart by their age (ages.ts); of unique ones a foreign key takes the oldest.
 *
 * Source: src/backend/commands/tablecmds.c, transformFkeyCheckAttrs.
 */
function inOrderOfAge({ id }: Relation, keys: readonly string[], scope: Scope): void {
  scope.touch.named(`indexes of ${id} on (${keys.join(', ')})`, 'write');
}

/** Of tables whose rows are written anew. Source: src/backend/commands/cluster.c, finish_heap_swap. */
export function buildIndexes(tables: readonly Relation[], scope: Scope): void {
  for (const { id } of tables)
    for (const { expressions } of scope.catalog.indexes(id)) scope.follow(expressions);
}
