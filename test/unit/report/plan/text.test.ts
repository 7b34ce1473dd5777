import { describe, expect, it } from 'vitest';
import { plan } from '../../../../src/api/plan.js';
import { edgeText, type Plan } from '../../../../src/model/plan.js';
import { planText } from '../../../../src/report/plan/text.js';
import { planJson } from '../../../../src/report/plan/json.js';
import { conflict, planOf, smallPlan, turn } from '../../plan/made-plan.js';

function textOf(plan: Plan, connections: number): string {
  return [...planText(plan, connections)].join('');
}

describe('the text of a plan', () => {
  it('tells what each job waits for and why, and what it all comes to', () => {
    expect(textOf(smallPlan(), 4)).toBe(`    0  a.sql:1  1 statement
    1  a.sql:2  split into 4 pieces of 25 rows
         after a.sql:1 (table public.t: define, then append)
    5  a.sql:3  1 statement
         after a.sql:2 (table public.t: append, then index)
    6  a.sql:4  1 statement
         after a.sql:2 (table public.t: append, then read)
    7  a.sql:5  1 statement
    8  a.sql:6  1 statement
         runs alone: what CREATE EXTENSION makes cannot be told
         to let it overlap: put it first
         the catalog is read again after it
    9  a.sql:7  1 statement
         after a.sql:6 (barrier)
10 jobs of 10 statements in 1 script, over at most 4 connections
22 edges, 1 job runs alone; up to 4 jobs side by side
critical path: 5 of 10 jobs, 38 % of the work: at most 2.64x as fast as one after another
  a.sql:1, a.sql:2, a.sql:4, a.sql:6, a.sql:7
the critical path is sequential only because of
  table public.t: 2 of 4 steps
    put what defines or changes it before everything that uses it
  what runs alone (what CREATE EXTENSION makes cannot be told): 2 of 4 steps
    put it first
`);
  });

  it.each([
    ['range=t.id', 2, 'split by id into pieces that get ever smaller'],
    ['range=t.id', 1, 'split by id into 1 piece'],
    ['range=t.id into=7', 2, 'split by id into 7 pieces'],
    ['range=t.id size=500', 2, 'split by id into pieces of about 500 rows'],
    ['blocks=t over=partitions', 2, 'split by the blocks of its table into a piece for each partition'],
  ])('does not count the pieces of a table that nobody has looked at: %s', async (split, jobs, text) => {
    const made = await plan({ commands: [`-- pqrun: split ${split}\nDELETE FROM t WHERE :chunk`], jobs });
    expect(textOf(made.plan, jobs)).toContain(`  ${text}\n`);
  });

  it('sums up what there is too much of', () => {
    const many = Array.from({ length: 12 }, (_, id) => id);
    const plan = planOf(
      many.map(() => ({})),
      [
        ...many.slice(0, 4).map((from) => turn(from, 11)),
        ...many.slice(4, 11).map((from) => conflict([from, 11], `table public.t${from}`, ['append', 'read'])),
        conflict([4, 11], 'table public.u', ['write', 'read']),
        conflict([4, 11], 'table public.v', ['write', 'read']),
        conflict([4, 11], 'table public.w', ['write', 'read']),
      ],
    );
    const lines = textOf(plan, 4).split('\n');
    const from = lines.findIndex((line) => line.includes('a.sql:12'));
    expect(lines.slice(from + 1, from + 8)).toEqual([
      '         after a.sql:1, a.sql:2, a.sql:3 and 1 more (written order)',
      '         after a.sql:5 (table public.t4: append, then read; table public.u: write, then read; table public.v: write, then read and 1 more)',
      '         after a.sql:6 (table public.t5: append, then read)',
      '         after a.sql:7 (table public.t6: append, then read)',
      '         after a.sql:8 (table public.t7: append, then read)',
      '         after a.sql:9 (table public.t8: append, then read)',
      '         after 2 more jobs (--format json names them)',
    ]);
  });

  it('looks through gates', () => {
    const edges = [turn(0, 2), turn(1, 2), turn(2, 3)];
    const text = textOf(planOf([{}, {}, { isGate: true }, {}], edges), 2);
    expect(text).toContain('a.sql:4  1 statement\n         after a.sql:1, a.sql:2 (written order)\n');
  });

  it('of one job says no more than that', () => {
    expect(textOf(planOf([{}], []), 4)).toBe(
      '    0  a.sql:1  1 statement\n1 job of 1 statement in 1 script, over at most 1 connection\n',
    );
  });

  it.each([
    ['sequence public.s', ['write', 'write'], 'numbers are drawn in the written order'],
    ['table public.t', ['write', 'read'], '-- pqrun: reads=… writes=…'],
    ['table public.t', ['append', 'read'], 'load them earlier, or read later'],
    ['table public.t', ['append', 'maintain'], 'behind all of its loads'],
  ] as const)('hints at what would free more: %s, %j', (object, modes, hint) => {
    expect(textOf(planOf([{}, {}], [conflict([0, 1], object, modes)]), 2)).toContain(hint);
  });
});

it('what a journal records only behind its end is said', () => {
  const plan = planOf([{}, {}], []);
  const [kept, moved] = plan.jobs;
  const [step] = kept!.steps;
  const facts = { ...step!.statement.facts, node: 'VacuumStmt', alone: true };
  const vacuum = { ...kept!, steps: [{ ...step!, statement: { ...step!.statement, facts } }] };
  const other = { ...plan, jobs: [vacuum, moved!] };
  const label = 'with --journal done at least once: it is recorded only behind its end';
  expect(textOf(other, 2).split('\n').slice(0, 3)).toEqual([
    '    0  a.sql:1  1 statement',
    `         ${label}`,
    '    1  a.sql:2  1 statement',
  ]);
  const { jobs } = JSON.parse(planJson(other)) as { jobs: { atLeastOnce?: boolean }[] };
  expect(jobs.map(({ atLeastOnce }) => atLeastOnce)).toEqual([true, undefined]);
});

it('the JSON of a plan has all edges, what runs alone, and the figures', () => {
  const plan = smallPlan();
  // The shape that `pqrun plan --format json` promises.
  const told = JSON.parse(planJson(plan)) as { jobs: object[]; edges: object[]; summary: object };
  expect(told.edges).toEqual(plan.edges.map((edge) => ({ ...edge, reason: edgeText(edge) })));
  expect(told.jobs[8]).toMatchObject({ name: 'a.sql:6', alone: plan.jobs[8]!.alone });
  expect(told.summary).toMatchObject({ jobs: 10, barriers: 1, width: 4, criticalPath: { weight: 11 } });
});
