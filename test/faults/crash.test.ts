import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDebianServer, type DebianServer } from '../debian-server.js';
import { ask } from './ask.js';

/** What a run says of a server that crashes while it goes on, and what is left after one that crashes behind its end. */

const PROGRAM = resolve(import.meta.dirname, '../../bin/pqrun.js');

let server: DebianServer;

beforeAll(async () => {
  server = await startDebianServer('primary', { synchronous_commit: 'on' });
});

afterAll(async () => {
  await server.stop();
});

function query(sql: string): ReturnType<typeof ask> {
  return ask(server, 'postgres', sql);
}

function start(
  args: readonly string[],
): Promise<{ readonly status: number | null; readonly stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, '--no-history', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...server.env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return once(child, 'close').then(() => ({ status: child.exitCode, stderr }));
}

async function untilSleeping(): Promise<void> {
  while ((await query("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")).length === 0)
    await sleep(20);
}

describe('a server that crashes in mid-run', () => {
  // In a block whose end has not been sent yet: that it is undone is known.
  const block = 'BEGIN;\nINSERT INTO crash SELECT 1 FROM pg_sleep(1);\nCOMMIT;';

  it('stops the run, which says what may be lost', async () => {
    await query('CREATE TABLE crash (n int)');
    const running = start(['-c', block]);
    await untilSleeping();
    await server.restart('immediate');
    const { status, stderr } = await running;
    expect(stderr).toContain('the server has crashed or was restarted while the run went on');
    expect(status).toBe(3);
    expect(await query('SELECT FROM crash')).toEqual([]);
  });

  it('is waited for where every commit has reached the disk', async () => {
    const running = start(['-c', block, '--synchronous-commit']);
    await untilSleeping();
    await server.restart('immediate');
    const { status, stderr } = await running;
    expect(stderr).toContain('; again in');
    expect(status).toBe(0);
    expect(await query('SELECT count(*)::int AS n FROM crash')).toEqual([{ n: 1 }]);
  });
});

/** A hundred by hand: DURABLE_ROUNDS=100. */
const ROUNDS = Number(process.env.DURABLE_ROUNDS ?? 10);

it(
  `nothing is missing when the server is killed right after status 0, ${ROUNDS} times`,
  { timeout: 600_000 },
  async () => {
    await query('CREATE TABLE durable (round int, n int)');
    for (let round = 1; round <= ROUNDS; round++) {
      const text = `-- pqrun: split rows=50 size=1\nINSERT INTO durable SELECT ${round}, :lo;`;
      const { status } = await start(['-q', '-j', '4', '-c', text]);
      await server.restart('immediate');
      expect(status).toBe(0);
      expect(await query(`SELECT count(*)::int AS n FROM durable WHERE round = ${round}`)).toEqual([
        { n: 50 },
      ]);
    }
  },
);
