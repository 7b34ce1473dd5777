import { expect, it } from 'vitest';
import type { ExplainOutcome, Explanation, SerialReason } from '../../../src/model/explain.js';
import { explainJson, explainText } from '../../../src/report/explain-text.js';

const SIZE: SerialReason = {
  kind: 'scan-size',
  text: 'table t (16 kB) is smaller than min_parallel_table_scan_size (8MB)',
  fix: 'nothing',
  proof: { kind: 'proved', change: 'min_parallel_table_scan_size = 0', workers: 1, together: false },
};

function explanation(...outcomes: readonly ExplainOutcome[]): Explanation {
  const statements = outcomes.map((outcome, index) => ({
    place: { file: 'a.sql', line: index + 1, column: 1 },
    verb: 'SELECT',
    outcome,
  }));
  return { statements, interrupted: false, notes: [] };
}

function linesOf(...outcomes: readonly ExplainOutcome[]): readonly string[] {
  return explainText(explanation(...outcomes)).split('\n');
}

it('a parallel plan: workers and what they do', () => {
  const nodes = ['Parallel Seq Scan on t', 'Partial Aggregate'];
  const plan = { kind: 'parallel' as const, planned: 2, nodes, reasons: [] };
  expect(linesOf(plan, { ...plan, launched: 1 })).toEqual([
    'a.sql:1  SELECT  workers planned 2',
    '    Parallel Seq Scan on t, Partial Aggregate',
    'a.sql:2  SELECT  workers planned 2 (launched 1)',
    '    Parallel Seq Scan on t, Partial Aggregate',
    '2 statements explained: 2 parallel, 0 serial; all rolled back',
    '',
  ]);
});

it('a reason stands with the fix and its proof, in no more than 80 columns', () => {
  expect(linesOf({ kind: 'serial', reasons: [SIZE] }).slice(0, -2)).toEqual([
    'a.sql:1  SELECT  serial',
    '    table t (16 kB) is smaller than min_parallel_table_scan_size (8MB)',
    '      fix: nothing',
    '      proved: with min_parallel_table_scan_size = 0 the plan has 1 worker',
  ]);
  const long = { ...SIZE, text: 'word '.repeat(31).trim() };
  expect(linesOf({ kind: 'serial', reasons: [long] }).slice(1, 4)).toEqual([
    `    ${'word '.repeat(15).trim()}`,
    `      ${'word '.repeat(15).trim()}`,
    '      word',
  ]);
});

it('causes that are so only together share a proof', () => {
  const proof = { kind: 'proved' as const, change: 'a = 0 and b = 0', workers: 2, together: true };
  const reasons: readonly SerialReason[] = [
    { kind: 'scan-size', text: 'a', fix: 'x', proof },
    { kind: 'setup-cost', text: 'b', fix: 'y', proof },
    { kind: 'window', text: 'c', fix: 'z', proof: { kind: 'rule' } },
    { kind: 'function', text: 'd', fix: 'w', proof: { kind: 'unproved', why: 'must be owner' } },
  ];
  expect(linesOf({ kind: 'serial', reasons }).slice(0, -2)).toEqual([
    'a.sql:1  SELECT  serial',
    '    a',
    '      fix: x',
    '    and b',
    '      fix: y',
    '      proved: with a = 0 and b = 0, all together, the plan has 2 workers',
    '    c',
    '      fix: z',
    "      by rule: PostgreSQL's documentation says so; there is nothing to try",
    '    d',
    '      fix: w',
    '      not proved: must be owner',
  ]);
});

it('tells what failed or was passed over, counts what was only executed, and ends with the notes', () => {
  const told = explanation(
    { kind: 'executed' },
    { kind: 'passed', note: 'it cannot be run in a transaction' },
    { kind: 'failed', message: 'no such table' },
  );
  expect(explainText({ ...told, interrupted: true, notes: ['a guess'] })).toBe(
    [
      'a.sql:2  SELECT  passed over: it cannot be run in a transaction',
      'a.sql:3  SELECT  failed: no such table',
      '0 statements explained: 0 parallel, 0 serial; 1 executed; 1 passed over; 1',
      '  failed; all rolled back',
      'interrupted: the statement that was running, and those behind it, are missing',
      'note: a guess',
      '',
    ].join('\n'),
  );
});

it('the same as data', () => {
  const told = explanation({ kind: 'serial', reasons: [SIZE] });
  expect(JSON.parse(explainJson(told))).toEqual(told);
});
