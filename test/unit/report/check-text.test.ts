import { describe, expect, it } from 'vitest';
import { checkJson, checkText, stepText } from '../../../src/report/check-text.js';
import type { Build, CheckOutcome, FoundDifference } from '../../../src/report/check-outcome.js';

const sequential: Build = {
  way: 'sequential',
  order: 'sequential',
  connections: 1,
  status: 'done',
  jobs: 12,
  wall: 4000,
  failures: [],
};
const parallel: Build = { ...sequential, way: 'parallel', order: 'none', connections: 4, wall: 1000 };

const same: CheckOutcome = {
  status: 'same',
  builds: [sequential, parallel],
  compared: { objects: 1234, tables: 1, rows: 5_000n, sequences: 0 },
  differences: [],
  kept: [],
};

const rows: FoundDifference = {
  difference: { kind: 'rows', what: 'table', object: 'public.t', left: 2n, right: 2n },
  sample: { left: ['(1,"a\nb")'], right: ['(2,c)', '(2,d)'] },
  jobs: { names: ['a.sql:1', 'b.sql:1'], mayOverlap: true },
};

const facts: FoundDifference = {
  difference: {
    kind: 'facts',
    what: 'function',
    object: 'f()',
    facts: [
      { name: 'definition', left: 'BEGIN\n one\nEND', right: 'BEGIN\n two\nEND' },
      { name: 'acl', left: null, right: 'x=r/y' },
    ],
  },
  jobs: { names: [], mayOverlap: false },
};

const missing: FoundDifference = {
  difference: { kind: 'object', what: 'index', object: 'public.i', onlyIn: 'left' },
  jobs: { names: ['a.sql:3'], mayOverlap: false },
};

const BUILDS = `sequential: 12 jobs in 4.00 s
parallel (order none, 4 connections): 12 jobs in 1.00 s, 4.00x as fast
`;

describe('text', () => {
  it('says what is the same', () => {
    expect(checkText(same, { all: false })).toBe(
      `${BUILDS}the same: 1,234 objects, 1 table with 5,000 rows, 0 sequences\n`,
    );
  });

  const different = { ...same, status: 'different', differences: [missing, rows, facts] } as const;

  it('tells the first difference, and how many more there are', () => {
    expect(checkText({ ...different, kept: ['x_a', 'x_b'] }, { all: false }))
      .toBe(`${BUILDS}different: index public.i is only in the sequential build
  jobs that name it: a.sql:3
and 2 other differences (--all lists them)
kept: x_a, x_b
`);
  });

  it('tells all of them', () => {
    expect(checkText(different, { all: true }))
      .toBe(`${BUILDS}different: index public.i is only in the sequential build
  jobs that name it: a.sql:3
different: table public.t has other rows: 2 each
  only in the sequential build: (1,"a b")
  only in the parallel build: (2,c)
  only in the parallel build: (2,d)
  jobs that name it and may overlap: a.sql:1, b.sql:1
different: function f()
  definition
    sequential: one
    parallel:   two
  acl
    sequential: none
    parallel:   x=r/y
`);
  });

  it('tells the seed by which a difference comes again', () => {
    const builds = [sequential, { ...parallel, shuffle: 3 }];
    expect(checkText({ ...same, builds }, { all: false })).toContain('(order none, 4 connections, seed 3)');
  });

  it('proves nothing when it was interrupted', () => {
    expect(checkText({ ...same, status: 'interrupted', builds: [] }, { all: false })).toBe(
      'interrupted: nothing is proved\n',
    );
  });
});

it('as data, rows are numbers', () => {
  expect(JSON.parse(checkJson({ ...same, differences: [rows] }))).toMatchObject({
    compared: { rows: 5000 },
    differences: [{ difference: { left: 2, right: 2 } }],
  });
});

it('steps are lines', () => {
  const step = { kind: 'build', database: 'x_b', way: 'parallel', connections: 1, shuffle: 2 } as const;
  expect(stepText(step)).toBe('building x_b, over 1 connection, seed 2');
});
