import type { CopyStmt, IntoClause } from 'libpg-query';
import { slotKey } from '../../catalog/catalog.js';
import type { Bound } from '../../catalog/bound.js';
import type { Relation } from '../../catalog/objects.js';
import { NO_MENTIONS } from '../mentions.js';
import { resultTypes } from '../result-types.js';
import type { Scope } from '../scope.js';
import { mentionsOf, rangeName, wordsOf } from '../walk.js';
import { emptyRelation } from './columns.js';
import type { Rules } from './rule.js';
import { defineRelationSlots, dropAtCommit } from './tables.js';

/** Statements that read and change rows. */
export const QUERY_RULES: Rules = {
  SelectStmt: (node, scope, session) => {
    const { intoClause, ...query } = node;
    const bound = scope.run({ SelectStmt: query });
    if (intoClause === undefined) return;
    createFromQuery(intoClause, { kind: 'table', query: bound, tree: query }, scope);
    dropAtCommit(intoClause.rel, intoClause.onCommit, { scope, session });
  },
  InsertStmt: (node, scope) => void scope.run({ InsertStmt: node }),
  UpdateStmt: (node, scope) => void scope.run({ UpdateStmt: node }),
  DeleteStmt: (node, scope) => void scope.run({ DeleteStmt: node }),
  MergeStmt: (node, scope) => void scope.run({ MergeStmt: node }),
  CopyStmt: copy,
  TruncateStmt: ({ relations = [], behavior, restart_seqs: restarts }, scope) => {
    scope.changesCounts();
    for (const node of relations) {
      const table = 'RangeVar' in node ? scope.relation(node.RangeVar) : undefined;
      if (table === undefined || !('RangeVar' in node)) continue;
      truncate(
        table.id,
        {
          isOnly: node.RangeVar.inh !== true,
          cascades: behavior === 'DROP_CASCADE',
          restarts: restarts === true,
        },
        scope,
      );
    }
  },
  CreateTableAsStmt: ({ query, into, objtype, if_not_exists: mayExist }, scope, session) => {
    if (query === undefined || into === undefined) return;
    scope.ddl();
    const mentions =
      'ExecuteStmt' in query
        ? (session.prepared.get(query.ExecuteStmt.name ?? '') ?? NO_MENTIONS)
        : mentionsOf(query);
    if ('ExecuteStmt' in query) scope.touch.session.add('needs');
    const bound = scope.bindMentions(mentions);
    if (into.skipData === true) scope.store(bound);
    else scope.follow(bound);
    const taken = mayExist === true ? placeOf(into, scope) : undefined;
    if (taken?.relation !== undefined) {
      scope.useSlot(slotKey('relation', taken.schema, taken.name));
      scope.use(taken.relation.id);
      return;
    }
    const kind = objtype === 'OBJECT_MATVIEW' ? 'materialized view' : 'table';
    createFromQuery(into, { kind, query: bound, tree: query }, scope);
    dropAtCommit(into.rel, into.onCommit, { scope, session });
  },
  ExplainStmt: ({ query, options = [] }, scope) => {
    const runs = options.some((option) => 'DefElem' in option && option.DefElem.defname === 'analyze');
    if (query === undefined) return;
    if ('CreateTableAsStmt' in query || 'ExecuteStmt' in query || 'DeclareCursorStmt' in query)
      scope.touch.unknown.push('EXPLAIN of a statement other than a query');
    // Planning evaluates functions that are declared immutable.
    else scope.run(query);
    if (runs) scope.ddl();
  },
  CallStmt: (node, scope) => void scope.run({ CallStmt: node }),
  LockStmt: ({ relations = [] }, scope) => {
    for (const node of relations) {
      const relation = 'RangeVar' in node ? scope.relation(node.RangeVar) : undefined;
      if (relation !== undefined) scope.defineTree(relation);
    }
  },
};

/** Where the table goes, and what is there under its name. */
function placeOf(
  { rel }: IntoClause,
  scope: Scope,
): { readonly schema: string; readonly name: string; readonly relation: Relation | undefined } | undefined {
  if (rel === undefined) return undefined;
  const [schema, name] = [scope.schemaFor(rel), rel.relname ?? ''];
  return { schema, name, relation: scope.taken(schema, name) };
}

/** The table, or the materialized view, which keeps its query. */
function createFromQuery(
  { rel }: IntoClause,
  {
    kind,
    query,
    tree,
  }: { readonly kind: 'table' | 'materialized view'; readonly query: Bound; readonly tree: unknown },
  scope: Scope,
): void {
  if (rel === undefined) return;
  scope.ddl();
  const schema = scope.schemaFor(rel);
  const name = rel.relname ?? '';
  scope.taken(schema, name);
  const table = { id: scope.fresh(kind, schema, name), schema, name };
  defineRelationSlots(scope, table);
  scope.touch.add(table.id, 'define');
  const types = resultTypes(query, tree, scope.catalog);
  scope.catalog.put({
    ...emptyRelation(table, kind),
    ...(types.length === 0 ? {} : { types }),
    ...(kind === 'table' ? {} : { query }),
  });
}

function copy(node: CopyStmt, scope: Scope): void {
  const { relation: range, query, attlist, is_from: isFrom, is_program: isProgram, filename } = node;
  if (isProgram === true) scope.touch.unknown.push('COPY … PROGRAM runs a program');
  if (filename !== undefined)
    scope.touch.named(`the server's file ${filename}`, isFrom === true ? 'read' : 'write');
  if (query !== undefined) scope.run(query);
  if (range === undefined) return;
  const columns = attlist === undefined ? undefined : wordsOf(attlist);
  const insert = {
    ...(columns === undefined ? {} : { columns }),
    ...(columns === undefined ? { count: Infinity } : {}),
    // COPY (DEFAULT '…') takes defaults for a marker in the data.
    hasDefaults: JSON.stringify(node.options ?? []).includes('"default"'),
    onConflict: 'none' as const,
    overridesUser: false,
  };
  const mention = { ...rangeName(range), isOnly: true };
  const where = mentionsOf(node.whereClause);
  const relations =
    isFrom === true
      ? [{ ...mention, operation: 'insert' as const, insert }]
      : [{ ...mention, operation: 'read' as const }];
  scope.follow(scope.bindMentions({ ...where, relations: [...where.relations, ...relations] }));
}

/** CASCADE: all tables with a foreign key to it, and to these; RESTART IDENTITY: the sequences that their columns own. */
function truncate(
  id: number,
  how: { readonly isOnly: boolean; readonly cascades: boolean; readonly restarts: boolean },
  scope: Scope,
): void {
  const { catalog, follower } = scope;
  const tables = new Set<number>();
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const table = catalog.relation(next);
    if (table === undefined || tables.has(next)) continue;
    tables.add(next);
    if (!how.isOnly) open.push(...follower.heirs(table).map((heir) => heir.id));
    for (const target of [table, ...follower.ancestors(table)])
      for (const child of catalog.referrers(target.id)) {
        if (how.cascades) open.push(child.id);
        // Without CASCADE it is refused while there is such a table.
        else scope.use(child.id);
      }
  }
  for (const table of tables) {
    follower.relation({ id: table, operation: 'truncate', isOnly: true });
    if (!how.restarts) continue;
    for (const owned of catalog.dependents(table))
      if (owned.class === 'relation' && owned.kind === 'sequence') scope.define(owned);
  }
}
