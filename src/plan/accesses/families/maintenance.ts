import { isIndex } from '../../catalog/catalog.js';
import type { Relation } from '../../catalog/objects.js';
import type { Scope } from '../scope.js';
import { optionNamed } from './options.js';
import type { Rules } from './rule.js';

/** VACUUM, ANALYZE, CLUSTER, and what concerns the server as a whole. */
export const MAINTENANCE_RULES: Rules = {
  VacuumStmt: ({ rels = [], options = [], is_vacuumcmd: isVacuum }, scope) => {
    scope.changesCounts();
    if (rels.length === 0) scope.touch.alone.push('it is about all tables');
    const isFull = isVacuum === true && optionNamed(options, 'full') !== undefined;
    const hasFull = options.some((option) => 'DefElem' in option && option.DefElem.defname === 'full');
    for (const node of rels) {
      const range = 'VacuumRelation' in node ? node.VacuumRelation.relation : undefined;
      const table = range === undefined ? undefined : scope.relation(range);
      if (table !== undefined) maintain(table, isFull || hasFull ? 'define' : 'maintain', scope);
    }
  },
  ClusterStmt: ({ relation: range }, scope) => {
    scope.ddl();
    if (range === undefined) scope.touch.alone.push('CLUSTER of all tables');
    const table = range === undefined ? undefined : scope.relation(range);
    if (table !== undefined) maintain(table, 'define', scope);
  },
  CheckPointStmt: () => undefined,
};

/** Statistics are taken of expressions too, and of the tables below it. */
function maintain(table: Relation, mode: 'define' | 'maintain', scope: Scope): void {
  for (const one of [table, ...scope.follower.heirs(table)]) {
    scope.touch.add(one.id, mode);
    for (const part of scope.catalog.dependents(one.id))
      if (part.class === 'plain' || isIndex(part)) scope.follow(part.expressions);
  }
  for (const above of scope.follower.ancestors(table)) scope.use(above.id);
}
