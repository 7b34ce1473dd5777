import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commandLineOf, exists } from '../../src/db/embedded/os-process.js';
import { startEmbedded } from '../../src/db/embedded/server.js';
import {
  isGuard,
  isThere,
  killed,
  query,
  spawnChild,
  startChild,
  started,
  until,
  vanished,
  type Child,
} from './embedded-rig.js';

test('after stop() a node process ends by itself, and nothing is left', async () => {
  const child = await startChild();
  const exit = once(child.process, 'exit');
  child.process.stdin?.write('stop\n');
  expect(await exit).toEqual([0, null]);
  expect(await isThere(child.server.directory)).toBe(false);
  await vanished(child.server);
});

test('the server vanishes when its process exits without stopping it', async () => {
  const child = await startChild();
  const exit = once(child.process, 'exit');
  child.process.stdin?.write('exit\n');
  await exit;
  await expectNothingLeft(child);
});

test('the server vanishes when its process is killed', async () => {
  const child = await startChild();
  await killed(child.process, 'SIGKILL');
  await expectNothingLeft(child);
});

test('nothing is left of a start that is killed before the server is there', async () => {
  const temporary = await mkdtemp(path.join(tmpdir(), 'pqrun-test-'));
  await chmod(temporary, 0o777);
  const child = spawnChild({ env: { TMPDIR: temporary } });
  const entries = async (): Promise<string[]> => {
    // A directory that vanishes while it is walked is a fault of the walk: it is still changing.
    const names = await readdir(temporary, { recursive: true }).catch(() => ['pqrun-server-changing']);
    return names.filter((name) => name.startsWith('pqrun-server-'));
  };
  await until('initdb has begun', async () =>
    (await entries()).some((name) => name.endsWith('.new/data/base')),
  );
  await killed(child, 'SIGKILL');
  await until('the directory is gone', async () => (await entries()).length === 0);
  await rm(temporary, { recursive: true });
});

test('stop() clears up although the guard was killed', async () => {
  const child = await startChild();
  killGuard(child);
  const exit = once(child.process, 'exit');
  child.process.stdin?.write('stop\n');
  expect(await exit).toEqual([0, null]);
  await expectNothingLeft(child);
});

test('what a run left whose guard was killed too, the next run clears up, and no live run', async () => {
  const [dead, live] = await Promise.all([startChild(), startChild()]);
  killGuard(dead);
  await killed(dead.process, 'SIGKILL');
  // Nobody is there any more to stop it.
  expect(await query(dead.server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

  const next = started(await startEmbedded({ connections: 1 }));
  try {
    await expectNothingLeft(dead);
    expect(await query(live.server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  } finally {
    await next.stop();
    await killed(live.process, 'SIGKILL');
  }
  await expectNothingLeft(live);
});

function killGuard(child: Child): void {
  const guard = child.processes.find(({ command }) => isGuard(command, child.server.directory));
  process.kill(guard!.pid, 'SIGKILL');
}

async function expectNothingLeft(child: Child): Promise<void> {
  await vanished(child.server);
  const commands = child.processes.map(({ command }) => command);
  expect(commands).toEqual(expect.arrayContaining([expect.stringContaining('checkpointer')]));
  for (const { pid } of child.processes) {
    // What has ended may stay a zombie for a while, without a command line, if nobody asks for its status.
    await until(`${pid} is gone`, async () => !exists(pid) || (await commandLineOf(pid)) === '');
  }
}
