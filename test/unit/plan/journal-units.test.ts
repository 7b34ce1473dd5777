import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/api/plan.js';
import type { Order } from '../../../src/model/script.js';
import type { Plan } from '../../../src/model/plan.js';
import { doneBehindNew, journalUnits, withoutDone, type JobUnits } from '../../../src/plan/journal-units.js';

interface Made {
  readonly plan: Plan;
  readonly units: JobUnits;
}

async function made(
  text: string,
  options: { readonly jobs?: number; readonly order?: Order } = {},
): Promise<Made> {
  const { plan: own } = await plan({ commands: [text], journal: true, jobs: 2, ...options });
  return { plan: own, units: journalUnits(own, ({ span }) => `${span?.start ?? 0}`) };
}

function keysOf({ units }: Made): readonly string[] {
  return [...units.values()].flatMap((own) => own.map(({ key }) => key));
}

/** What each unit is: its steps, and how it is recorded. */
async function shapes(text: string): Promise<readonly string[]> {
  const { plan: own, units } = await made(text, { order: 'sequential' });
  return [...units].flatMap(([id, found]) =>
    found.map(({ first, last, record }) => {
      const nodes = own.jobs[id]?.steps.slice(first, last + 1).map(({ statement }) => statement.facts.node);
      return `${nodes?.join(' ') ?? ''} ${record}`;
    }),
  );
}

describe('units', () => {
  it.each([
    ['INSERT INTO t VALUES (1); DELETE FROM t', ['InsertStmt with', 'DeleteStmt with']],
    ['SET work_mem = 1; INSERT INTO t VALUES (1)', ['InsertStmt with']],
    [
      'BEGIN; DELETE FROM t; COMMIT; BEGIN; DELETE FROM t; ROLLBACK',
      ['TransactionStmt DeleteStmt TransactionStmt with'],
    ],
    [
      'VACUUM t; CREATE INDEX CONCURRENTLY i ON t (a); CALL p()',
      ['VacuumStmt after', 'IndexStmt after', 'CallStmt after'],
    ],
    ['CREATE TEMP TABLE x (); INSERT INTO t SELECT FROM x', ['CreateStmt InsertStmt with']],
    ['CREATE TEMP TABLE x (); VACUUM t', ['CreateStmt VacuumStmt after']],
    ['-- pqrun: file session\nSELECT 1; SELECT 2', ['SelectStmt SelectStmt with']],
    ["DO 'begin perform 1 end'; DO 'begin commit end'", ['DoStmt with', 'DoStmt after']],
  ])('of %s', async (text, expected) => {
    expect(await shapes(text)).toEqual(expected);
  });

  const statement = fc.oneof(
    fc.integer({ min: 1, max: 3 }).map((n) => `INSERT INTO t VALUES (${n})`),
    fc.constant('CREATE TABLE t (a int)'),
    fc.constant("SET search_path = 's'"),
    fc.constant('SELECT f(1)'),
    fc.constant('CREATE TEMP TABLE x (a int)'),
    fc.constant('VACUUM t'),
    fc.constant("COMMENT ON TABLE t IS 'x'"),
    fc.constant('BEGIN;\nINSERT INTO t VALUES (9);\nCOMMIT'),
    fc.constant('-- pqrun: split rows=10 into=3\nINSERT INTO t SELECT generate_series(:lo, :hi)'),
    fc.constant('DO $$ BEGIN PERFORM 1; END $$'),
  );
  const script = fc.array(statement, { maxLength: 12 }).map((statements) => `${statements.join(';\n')};\n`);
  const orders = fc.constantFrom<Order>('auto', 'sequential', 'stages', 'none');

  it('are the same whatever the order, and however many connections there are', async () => {
    const law = fc.asyncProperty(
      script,
      orders,
      fc.integer({ min: 1, max: 8 }),
      async (text, order, jobs) => {
        const [one, other] = [await made(text), await made(text, { order, jobs })];
        expect(keysOf(other).toSorted()).toEqual(keysOf(one).toSorted());
        expect(new Set(keysOf(one)).size).toBe(keysOf(one).length);
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });

  it('that are done are gone, and the others are whole', async () => {
    const law = fc.asyncProperty(script, fc.infiniteStream(fc.boolean()), async (text, chosen) => {
      const whole = await made(text, { order: 'sequential' });
      const done = new Set(keysOf(whole).filter(() => chosen.next().value));
      const left = withoutDone(whole.plan, whole.units, done);
      expect([...left.units.values()].flatMap((own) => own.map(({ key }) => key))).toEqual(
        keysOf(whole).filter((key) => !done.has(key)),
      );
      for (const [id, own] of left.units)
        for (const { key, first, last } of own) {
          const before = whole.units.get(id)?.find((unit) => unit.key === key);
          const steps = whole.plan.jobs[id]?.steps.slice(before?.first, (before?.last ?? 0) + 1);
          expect(left.plan.jobs[id]?.steps.slice(first, last + 1)).toEqual(steps);
        }
    });
    await fc.assert(law, { numRuns: 60 });
  });
});

it('what is done and rests on what is new is found', async () => {
  const before = await made('CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nUPDATE t SET a = 2;');
  const after = await made(
    'CREATE TABLE t (a int);\nINSERT INTO t VALUES (5);\nUPDATE t SET a = 2;\nCREATE TABLE u ();',
  );
  const planned = new Set(keysOf(before));
  const done = planned;
  const found = doneBehindNew(after.plan, after.units, { done, planned });
  expect(found.map(({ job, changed }) => [job.name, changed.name])).toEqual([['-c #1:3', '-c #1:2']]);
  expect(doneBehindNew(before.plan, before.units, { done, planned })).toEqual([]);
});
