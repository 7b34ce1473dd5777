import { expect, vi } from 'vitest';
import { backends } from '../database.js';
import { test } from './pqrun.js';

/** What a user of `pqrun explain` sees, and what is left of it: nothing. */

test('prints what is parallel and what is not, as text and as data', async ({ work, database }) => {
  await database.query('CREATE TABLE big AS SELECT n FROM generate_series(1, 500000) n; ANALYZE');
  work.write({ '1.sql': 'SELECT count(*) FROM big;\nDECLARE c CURSOR FOR SELECT count(*) FROM big;\n' });
  const text = await work.pqrun(['explain', '1.sql', '-j', '4']);
  expect(text).toMatchObject({ status: 0, stderr: '' });
  expect(text.stdout).toBe(`1.sql:1  SELECT  workers planned 1
    Parallel Seq Scan on big, Partial Aggregate
1.sql:2  DECLARE CURSOR  serial
    queries of cursors are never run in parallel
      fix: run the SELECT without a cursor
      proved: with its query alone the plan has 1 worker
2 statements explained: 1 parallel, 1 serial; all rolled back
`);
  const data = await work.pqrun(['explain', '1.sql', '--format', 'json']);
  expect(JSON.parse(data.stdout)).toMatchObject({
    statements: [{ outcome: { kind: 'parallel' } }, { outcome: { kind: 'serial' } }],
    interrupted: false,
  });
});

for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} cancels what runs on the server, and tells what is known`, async ({ work, database }) => {
    await database.query('CREATE TABLE t (n int); CREATE TABLE u (n int)');
    work.write({
      '1.sql': 'SELECT n FROM t;\nSELECT pg_sleep(600);\nSELECT 3;\n',
    });
    const running = work.start(['explain', '1.sql', '--analyze']);
    await vi.waitFor(
      async () => {
        const [own] = await backends(database.name);
        expect(own).toMatchObject({ application: 'pqrun: explain', state: 'active' });
        expect(own?.query).toContain('pg_sleep');
      },
      { timeout: 20_000 },
    );
    const began = performance.now();
    running.process.kill(signal);
    const { status: ended, stdout, stderr } = await running.finished;
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(ended).toBe(status);
    expect(stderr).toBe('');
    expect(stdout).toContain('1 statement explained');
    expect(stdout).toContain('interrupted: ');
    await vi.waitFor(async () => expect(await backends(database.name)).toEqual([]));
  });
}
