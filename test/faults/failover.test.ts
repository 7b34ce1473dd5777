import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished } from 'vitest';
import { startDebianServer } from '../debian-server.js';
import { test } from '../e2e/pqrun.js';
import { ask } from './ask.js';

/** Several hosts, of which the first goes away while a run is on. The other has the same tables, and not what was done meanwhile. */

const COUNT = 'SELECT count(*)::int AS n FROM done';

describe('a server that another takes the place of', () => {
  test.for([
    ['without a journal', []],
    ['with one', ['--journal', '--run', 'r']],
    ['with commits that wait for the disk', ['--synchronous-commit']],
  ] as const)('ends the run, and nothing is done on the other, %s', async ([, args], { work }) => {
    const [first, second] = await Promise.all([startDebianServer(), startDebianServer()]);
    onTestFinished(async () => {
      await Promise.all([first.stop(), second.stop()]);
    });
    for (const server of [first, second]) await ask(server, 'postgres', 'CREATE TABLE done (n int)');
    const hosts = [first, second].map(({ port }) => `127.0.0.1:${port}`).join(',');
    const url = `postgresql://postgres@${hosts}/postgres?target_session_attrs=read-write&sslmode=disable`;
    const inserts = Array.from({ length: 60 }, (_, n) => `INSERT INTO done SELECT ${n} FROM pg_sleep(0.1);`);
    work.write({ '1.sql': inserts.join('\n') });
    const running = work.start(['1.sql', '-d', url, '-j', '2', ...args]);
    while ((await ask(first, 'postgres', COUNT))[0]?.n === 0) await sleep(50);
    await first.stop();
    const { status, stderr } = await running.finished;
    expect(stderr).toContain('or another has taken its place');
    expect(status).toBe(3);
    expect(await ask(second, 'postgres', COUNT)).toEqual([{ n: 0 }]);
  });
});
