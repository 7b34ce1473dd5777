import { expect, it } from 'vitest';
import type { Job } from '../../../src/model/job.js';
import { buildPlan } from '../../../src/plan/build.js';
import type { PlanOptions } from '../../../src/plan/options.js';
import { DEFAULT_READING, readScripts } from '../../../src/script/read.js';

const OPTIONS: PlanOptions = {
  order: 'none',
  connections: 2,
  singleTransaction: false,
  snapshot: true,
  splitCopy: 'never',
  autoSplit: false,
};

async function planned(
  text: string,
  options: Partial<PlanOptions> = {},
): Promise<{ readonly jobs: readonly Job[]; readonly faults: readonly string[] }> {
  const read = await readScripts([{ name: 'a.sql', bytes: Buffer.from(text) }], DEFAULT_READING);
  if (!read.ok) return expect.unreachable(read.diagnostics[0]?.message ?? '');
  const built = buildPlan(read.value, { ...OPTIONS, ...options });
  if (built.ok) return { jobs: built.value.plan.jobs, faults: [] };
  const faults = built.diagnostics.map(
    ({ place, message, hint }) => `${place?.line ?? 0} ${message}${hint === undefined ? '' : '; hint'}`,
  );
  return { jobs: [], faults };
}

const CONTROL = 'a script cannot begin or end transactions under --snapshot: each of its jobs is one; hint';
const ALONE = 'this statement cannot run inside a transaction, which --snapshot makes of its job; hint';

it('makes every job one transaction, whatever its kind', async () => {
  const { jobs } = await planned(
    'SELECT 1;\n-- pqrun: split rows=10\nINSERT INTO t SELECT :lo;\nCOPY t FROM stdin;\n1\n\\.\nCREATE TEMP TABLE x ();',
    { order: 'sequential' },
  );
  expect(jobs.map(({ transaction }) => transaction)).toEqual(jobs.map(() => 'single'));
  const free = await planned('SELECT 1;\n-- pqrun: split rows=10\nINSERT INTO t SELECT :lo;\nSELECT 2;');
  expect(free.jobs.map(({ transaction }) => transaction)).toEqual(free.jobs.map(() => 'single'));
  const live = await planned('SELECT 1 AS x \\gset\nSELECT :x;');
  expect(live.jobs).toMatchObject([{ transaction: 'single', live: { name: 'a.sql' } }]);
});

it('keeps small statements in their batches, and a script whole with --single-transaction', async () => {
  const text = 'SELECT 1;\nSELECT 2;';
  expect((await planned(text)).jobs.map(({ batch }) => batch)).toEqual(['0 0', '0 0']);
  const { jobs } = await planned(text, { singleTransaction: true });
  expect(jobs.map(({ steps, batch }) => [steps.length, batch])).toEqual([[2, undefined]]);
});

it('refuses statements that begin or end a transaction, at each place', async () => {
  const text =
    'BEGIN;\nSELECT 1;\nCOMMIT;\nSELECT 2 \\; ROLLBACK;\nCOMMIT AND CHAIN;\nPREPARE TRANSACTION $$x$$;';
  const { faults } = await planned(text.replaceAll('$$', "'"));
  expect(faults).toEqual([1, 3, 4, 5, 6].map((line) => `${line} ${CONTROL}`));
});

it('refuses what the server or the author keeps out of transactions', async () => {
  const { faults } = await planned('VACUUM;\nSELECT 1;\n-- pqrun: no-transaction\nSELECT 2;');
  expect(faults).toEqual([1, 4].map((line) => `${line} ${ALONE}`));
});

it('refuses the same, and \\connect, in a script that is read while it runs', async () => {
  const { faults } = await planned('SELECT 1 AS x \\gset\nVACUUM;\nBEGIN;\n\\connect other\nSELECT :x;');
  expect(faults).toEqual([
    `2 ${ALONE}`,
    `3 ${CONTROL}`,
    '4 \\connect leads away from the snapshot that --snapshot makes all jobs read; hint',
  ]);
});

it('allows savepoints, and everything where there is no snapshot', async () => {
  expect((await planned('SAVEPOINT a;\nROLLBACK TO a;\nRELEASE a;')).faults).toEqual([]);
  const text = 'BEGIN;\nSELECT 1;\nCOMMIT AND CHAIN;\nCOMMIT;\nVACUUM;\n\\connect other';
  expect((await planned(text, { snapshot: false })).faults).toEqual([]);
});
