import { expect, it } from 'vitest';
import { buildPlan } from '../../../src/plan/build.js';
import { mayOverlap, suspectsFor } from '../../../src/plan/suspects.js';
import { after, script } from './scripts.js';
import type { Plan } from '../../../src/model/plan.js';
import type { Order, Script } from '../../../src/model/script.js';

function plan(order: Order, ...statements: Parameters<typeof script>[1][]): Plan {
  const scripts: readonly Script[] = statements.map((made, id) => script(id, made));
  const built = buildPlan(scripts, {
    order,
    connections: 4,
    singleTransaction: false,
    snapshot: false,
    splitCopy: 'never',
    autoSplit: false,
  });
  if (!built.ok) throw new Error('no plan');
  return built.value.plan;
}

const names = (made: Plan, ...searched: string[]): readonly string[] =>
  suspectsFor(made, searched).map(({ name }) => name);

const STATEMENTS = [
  [{ text: 'INSERT INTO s.Orders VALUES (1)', label: 'first' }],
  [{ text: 'SELECT * FROM "orders"', after: after('first') }],
  [{ text: 'TABLE reorders; TABLE orders_old; TABLE orders$' }],
];

it('finds statements that name the object, and not those that name another', () => {
  expect(names(plan('none', ...STATEMENTS), 'orders')).toEqual(['first', '1.sql:1']);
  expect(names(plan('none', ...STATEMENTS), 'missing')).toEqual([]);
  expect(names(plan('none', [{ text: 'SELECT 1 <+> 2' }]), '<+>')).toEqual(['0.sql:1']);
});

it('of these, the ones that nothing keeps in order', () => {
  const ordered = plan('none', ...STATEMENTS);
  expect(mayOverlap(ordered, suspectsFor(ordered, ['orders']))).toBe(false);
  const loose = plan('none', ...STATEMENTS, [{ text: 'DELETE FROM orders', after: after('first') }]);
  expect(names(loose, 'orders')).toEqual(['1.sql:1', '3.sql:1']);
  expect(mayOverlap(loose, suspectsFor(loose, ['orders']))).toBe(true);
});

it('sees an order that leads over other jobs', () => {
  const sequential = plan('sequential', ...STATEMENTS, [{ text: 'DELETE FROM orders' }]);
  expect(mayOverlap(sequential, suspectsFor(sequential, ['orders']))).toBe(false);
});
