import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attempt } from '../../src/db/embedded/attempt.js';
import { findBinaries } from '../../src/db/embedded/binaries.js';
import { makeCluster } from '../../src/db/embedded/cluster.js';
import { startPostmaster, type PostmasterPlan } from '../../src/db/embedded/postmaster.js';
import { chooseServerUser } from '../../src/db/embedded/server-user.js';
import { clusterSettings, startSettings } from '../../src/db/embedded/settings.js';
import { makeThrowaway, temporaryFor } from '../../src/db/embedded/throwaway.js';

let plan: Omit<PostmasterPlan, 'settings'>;

beforeAll(async () => {
  const user = value(await chooseServerUser());
  const temporary = value(await temporaryFor(user));
  const { initdb, postgres } = value(await findBinaries({ user, temporary }));
  const directory = value(await makeThrowaway(user, temporary));
  const settings = clusterSettings({ kept: false, memory: 0 });
  const run = 'test';
  value(await makeCluster({ directory, run, user, initdb, password: 'secret', settings, kept: false }));
  plan = { directory, run, user, postgres, kept: false };
});

afterAll(async () => {
  await rm(plan.directory, { recursive: true, force: true });
});

test('a port that somebody took in the meantime is told apart from other failures', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  // A server that listens on TCP has such an address.
  const { port } = other.address() as AddressInfo;
  const settings = startSettings({ port, connections: 1, sharedMemory: undefined });
  expect(await startPostmaster({ ...plan, settings })).toEqual({ kind: 'port-taken' });
  other.close();
  await once(other, 'close');

  const outcome = await startPostmaster({ ...plan, settings });
  expect(outcome.kind).toBe('ready');
  if (outcome.kind === 'ready') await outcome.postmaster.stop();
});

test('another failure shows what the server said', async () => {
  const outcome = await startPostmaster({ ...plan, settings: { no_such_setting: '1' } });
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { diagnostic: { message: expect.stringContaining('no_such_setting') as string } },
  });
});

function value<T>(attempt: Attempt<T>): T {
  if (!attempt.ok) throw new Error(attempt.diagnostic.message);
  return attempt.value;
}
