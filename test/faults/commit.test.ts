import { describe, expect } from 'vitest';
import { test } from '../e2e/pqrun.js';
import { untilSleeping } from '../e2e/waiting.js';
import { behindProxy } from './behind-proxy.js';

/** The connection is cut exactly when COMMIT is on its way, or its answer is, and there is no journal: what was done is there once. */

const DONE = 'SELECT key, count(*)::int AS n FROM done GROUP BY key ORDER BY key';
const TABLES = 'CREATE TABLE done (key int)';
/** Slow enough that the id of its transaction is here when it ends. */
const SLOW = 'FROM pg_sleep(0.3)';

const BLOCK = `BEGIN; INSERT INTO done SELECT 1 ${SLOW}; COMMIT; INSERT INTO done VALUES (2);`;
const SMALL_BLOCK = 'BEGIN; INSERT INTO done VALUES (1); COMMIT; INSERT INTO done VALUES (2);';
const COPY = `COPY done FROM stdin;\n1\n\\.\nINSERT INTO done VALUES (2);`;
const SINGLE = `INSERT INTO done VALUES (1);\nINSERT INTO done VALUES (2);`;
const ALONE = `INSERT INTO done SELECT 1 ${SLOW};\nINSERT INTO done VALUES (2);`;

describe('a COMMIT whose connection is lost', () => {
  const cases = [
    ['a block', BLOCK, []],
    ['a small block', SMALL_BLOCK, []],
    ['a COPY', COPY, []],
    ['a script in one transaction', SINGLE, ['-1']],
  ] as const;
  for (const towards of ['server', 'client'] as const)
    test.for(cases)(
      `on the way to the ${towards}: %s is done once`,
      async ([, script, args], { work, database }) => {
        await behindProxy({ work, database }, async ({ proxy, start }) => {
          await database.query(TABLES);
          work.write({ '1.sql': `-- pqrun: file session\n${script}` });
          const cut = proxy.cutAt('COMMIT', towards);
          const { status, stderr } = await start(['1.sql', '-j', '1', ...args]).finished;
          await cut;
          expect(stderr).toContain('again in');
          expect(stderr).not.toContain('commit unknown');
          expect(status).toBe(0);
          expect(await database.query(DONE)).toEqual([
            { key: 1, n: 1 },
            { key: 2, n: 1 },
          ]);
        });
      },
    );

  test.for([
    ['whose answer is lost', true],
    ['that is lost while it runs', false],
  ] as const)('of a statement by itself %s is done once', async ([, isAtEnd], { work, database }) => {
    await behindProxy({ work, database }, async ({ proxy, start }) => {
      await database.query(TABLES);
      work.write({ '1.sql': `-- pqrun: file session\n${ALONE}` });
      const running = start(['1.sql', '-j', '1']);
      if (isAtEnd) await proxy.cutAt('COMMIT', 'client');
      else {
        await untilSleeping(database);
        proxy.cut(() => 0, 'all', 'near');
      }
      const { status, stderr } = await running.finished;
      expect(stderr).toContain('again in');
      expect(status).toBe(0);
      expect(await database.query(DONE)).toEqual([
        { key: 1, n: 1 },
        { key: 2, n: 1 },
      ]);
    });
  });

  test('of small statements that go together is unknown, and nothing is done twice', async ({
    work,
    database,
  }) => {
    await behindProxy({ work, database }, async ({ proxy, start }) => {
      await database.query(TABLES);
      const keys = Array.from({ length: 50 }, (_, index) => `INSERT INTO done VALUES (${index});`);
      work.write({ '1.sql': `-- pqrun: file session\n${keys.join('\n')}\n` });
      const running = start(['1.sql', '-j', '1']);
      await proxy.cutAt('AND CHAIN', 'server');
      const { status, stderr } = await running.finished;
      expect(stderr).toContain('commit unknown');
      expect(status).toBe(3);
      expect(await database.query('SELECT FROM done GROUP BY key HAVING count(*) > 1')).toEqual([]);
    });
  });
});
