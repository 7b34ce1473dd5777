import type { Node } from 'libpg-query';
import type { Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import { wordsOf } from '../walk.js';
import { cacheOf, emptyRelation } from './columns.js';
import { optionNamed } from './options.js';
import { nameOf } from '../mentions.js';
import type { Rules } from './rule.js';

/** CREATE and ALTER SEQUENCE. OWNED BY makes it a part of a table's column. */
export const SEQUENCE_RULES: Rules = {
  CreateSeqStmt: ({ sequence: range, options = [], if_not_exists: mayExist }, scope) => {
    if (range === undefined) return;
    scope.ddl();
    const schema = scope.schemaFor(range);
    const name = range.relname ?? '';
    const taken = scope.taken(schema, name);
    if (taken !== undefined) {
      scope.useSlot(`relation ${schema}.${name}`);
      if (mayExist === true) scope.use(taken.id);
      return;
    }
    const table = { id: scope.fresh('sequence', schema, name), schema, name };
    const sequence = { ...emptyRelation(table, 'sequence'), ...cacheOf(options), ...ownedBy(options, scope) };
    scope.create(sequence, 'relation');
  },
  AlterSeqStmt: ({ sequence: range, options = [], missing_ok: missingOk }, scope) => {
    scope.ddl();
    const sequence = scope.relation(range, { missingOk: missingOk === true });
    if (sequence === undefined) {
      scope.catalog.hasUnknownCaches ||= cacheOf(options).isCached === true;
      return;
    }
    scope.define(sequence);
    const changed = { ...sequence, ...cacheOf(options) };
    const before = sequence.table === undefined ? undefined : scope.catalog.relation(sequence.table);
    if (optionNamed(options, 'owned_by') === undefined) {
      scope.catalog.put(changed);
      return;
    }
    if (before !== undefined) scope.define(before);
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- left out of the rest
    const { table: _table, column: _column, ...rest } = changed;
    scope.catalog.put({ ...rest, ...ownedBy(options, scope) });
  },
};

function ownedBy(options: readonly Node[], scope: Scope): Pick<Relation, 'table' | 'column'> {
  const owner = optionNamed(options, 'owned_by');
  const words = owner !== undefined && 'List' in owner ? wordsOf(owner.List.items) : [];
  if (words.length < 2) return {};
  const table = scope.relation(nameOf(words.slice(0, -1)));
  if (table === undefined) return {};
  scope.define(table);
  return { table: table.id, column: words.at(-1) ?? '' };
}
