import { expect, it } from 'vitest';
import { planned, waits } from './planned.js';

const SCRIPT = `
CREATE TABLE t (n int);
-- pqrun: label=one
INSERT INTO t VALUES (1);
-- pqrun: label=split split rows=100
INSERT INTO t SELECT n FROM generate_series(:lo, :hi) n;
-- pqrun: label=two
INSERT INTO t VALUES (2);`;

it('appends to one table overlap, and with strict order they do not', async () => {
  const [free, strict] = [await planned(SCRIPT), await planned(SCRIPT, { strictOrder: true })];
  expect([waits(free, 'split', 'one'), waits(free, 'two', 'split')]).toEqual([false, false]);
  expect([waits(strict, 'split', 'one'), waits(strict, 'two', 'split')]).toEqual([true, true]);
});

it('pieces of one split never wait for each other', async () => {
  const { jobs, edges } = await planned(SCRIPT, { strictOrder: true });
  const pieces = new Set(jobs.flatMap(({ id, piece }) => (piece === undefined ? [] : [id])));
  expect(pieces.size).toBe(4);
  expect(edges.filter(({ from, to }) => pieces.has(from) && pieces.has(to))).toEqual([]);
});

it.each(['EXCLUDE USING gist (r WITH &&)', 'UNIQUE (id, r WITHOUT OVERLAPS)'])(
  'rows that may exclude each other are inserted in the written order: %s',
  async (constraint) => {
    const script = `
CREATE TABLE t (id int4range, r daterange, ${constraint});
-- pqrun: label=one
INSERT INTO t SELECT NULL, r FROM unnest(ARRAY[]::daterange[]) AS r;
-- pqrun: label=two
INSERT INTO t SELECT NULL, 'empty'::daterange FROM generate_series(1, 2);`;
    expect(waits(await planned(script), 'two', 'one')).toBe(true);
  },
);
