import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { test } from './pqrun.js';

/**
 * How often a run waits for its server, seen from between the two: over a long way each time costs milliseconds, whatever
 * the statements do.
 */

const JOBS = 60;

/** Jobs of one statement each, of which each waits for the one before it. */
const scripts = (text: (n: number) => string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.from({ length: JOBS }, (_, n) => [`s/${String(n).padStart(2, '0')}.sql`, `${text(n)};\n`]),
  );

test('a run of one statement asks its server few questions', async ({ work, database }) => {
  const trips = await countTrips(database.env, async (PGPORT) => {
    const args = ['-q', '-t', '-A', '-c', 'SELECT 1'];
    const { status, stdout } = await work.pqrun(args, { env: { PGHOST: '127.0.0.1', PGPORT } });
    expect([status, stdout]).toEqual([0, '1\n']);
  });
  // Two connections: each logs in by four, and tells who it is. Then what the server has room for, a reset, the statement, the end.
  expect(trips).toBeLessThan(19);
});

describe('small jobs that wait for each other', () => {
  for (const [what, text] of [
    ['an UPDATE', () => 'UPDATE t SET n = n + 1'],
    ['a definition', (n: number) => `ALTER TABLE t ADD COLUMN c${n} int`],
  ] as const)
    test(`take one round trip each: ${what}`, async ({ work, database }) => {
      await database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (0)');
      work.write(scripts(text));
      const trips = await countTrips(database.env, async (PGPORT) => {
        const { status, stderr } = await work.pqrun(['s', '-q', '-j', '1'], {
          env: { PGHOST: '127.0.0.1', PGPORT },
        });
        expect([status, stderr]).toEqual([0, '']);
      });
      // To log in (twice), read the catalog, and make commits durable takes some, too.
      expect(trips).toBeGreaterThan(JOBS);
      expect(trips).toBeLessThan(JOBS * 1.2 + 30);
    });

  test('are done up to one that ends its session, and no further', async ({ work, database }) => {
    await database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (0)');
    const files = scripts(() => 'UPDATE t SET n = n + 1');
    work.write({
      ...files,
      's/30.sql': 'UPDATE t SET n = n + 1 + 0 * length(pg_terminate_backend(pg_backend_pid())::text);\n',
    });
    const { status, stderr } = await work.pqrun(['s', '-q', '-j', '1', '--retries', '0']);
    expect([status, stderr]).toEqual([3, expect.stringContaining('s/30.sql')]);
    expect(await database.query('SELECT n FROM t')).toEqual([{ n: 30 }]);
  });
});

test('what a script has set is set again in one round trip', async ({ work, database }) => {
  const settings = Array.from(
    { length: 10 },
    (_, n) => `SET work_mem = '${n + 1}MB';\nSET search_path = s${n};\n`,
  );
  const names = [
    'lock_timeout',
    'statement_timeout',
    'seq_page_cost',
    'cpu_tuple_cost',
    'from_collapse_limit',
  ];
  const header = names.map((name) => `SET ${name} = 100;\n`).join('');
  work.write({
    's.sql':
      header + settings.map((set) => `${set}CREATE TABLE public.t (n int);\nDROP TABLE public.t;\n`).join(''),
  });
  const trips = await countTrips(database.env, async (PGPORT) => {
    const { status, stderr } = await work.pqrun(['s.sql', '-q', '-j', '1'], {
      env: { PGHOST: '127.0.0.1', PGPORT },
    });
    expect([status, stderr]).toEqual([0, '']);
  });
  // Twenty jobs begin with the header of the script. One by one its settings took twice as many.
  expect(trips).toBeLessThan(110);
});

/** How often the client sent something behind what the server had said, over all connections. */
async function countTrips(
  { PGHOST, PGPORT }: { readonly PGHOST: string; readonly PGPORT: string },
  action: (port: string) => Promise<void>,
): Promise<number> {
  let trips = 0;
  const between = createServer((near) => {
    const far = connect(Number(PGPORT), PGHOST);
    let wasTold = true;
    near.on('data', (chunk) => {
      if (wasTold) trips += 1;
      wasTold = false;
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      wasTold = true;
      near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.on('close', () => other.destroy()).on('error', () => other.destroy());
  });
  await new Promise<void>((listening) => between.listen(0, '127.0.0.1', listening));
  // A server that listens on TCP has such an address.
  await action(String((between.address() as AddressInfo).port));
  await new Promise((closed) => between.close(closed));
  return trips;
}
