import { expect, it } from 'vitest';
import { serverWorkers, settingsFor, type ServerSetting } from '../../../src/db/parallel-workers.js';
import { isOnThisMachine } from '../../../src/db/settings/this-machine.js';

const setting = (name: string, value: number, source = 'default'): ServerSetting => ({ name, value, source });

const KNOWN = [
  setting('max_parallel_workers_per_gather', 2),
  setting('max_parallel_maintenance_workers', 2),
  setting('max_parallel_workers', 8),
  setting('max_worker_processes', 8),
];
const NOTHING = { own: new Map<string, string>(), initSql: '' };

it("goes beyond PostgreSQL's own default, as far as the server has workers", () => {
  const { settings, most } = serverWorkers(KNOWN, NOTHING);
  expect(most).toBe(8);
  expect(settingsFor(7, settings)).toEqual([
    'SET max_parallel_workers_per_gather = 7',
    'SET max_parallel_maintenance_workers = 7',
  ]);
  expect(settingsFor(undefined, settings)).toEqual([]);
});

it('does not go beyond what an administrator has set', () => {
  const [, ...others] = KNOWN;
  const decided = setting('max_parallel_workers_per_gather', 4, 'database');
  const { settings } = serverWorkers([decided, ...others], NOTHING);
  expect(settingsFor(7, settings)).toContain('SET max_parallel_workers_per_gather = 4');
  expect(settingsFor(3, settings)).toContain('SET max_parallel_workers_per_gather = 3');
});

it('leaves alone what the run sets itself: --set, PGOPTIONS, --init-sql', () => {
  const maintenance = ['SET max_parallel_maintenance_workers = 1'];
  const own = new Map([['max_parallel_workers_per_gather', '2']]);
  expect(settingsFor(1, serverWorkers(KNOWN, { ...NOTHING, own }).settings)).toEqual(maintenance);
  const initSql = 'set Max_Parallel_Workers_Per_Gather to 2';
  expect(settingsFor(1, serverWorkers(KNOWN, { ...NOTHING, initSql }).settings)).toEqual(maintenance);
  const [, ...others] = KNOWN;
  const client = [setting('max_parallel_workers_per_gather', 2, 'client'), ...others];
  expect(settingsFor(1, serverWorkers(client, NOTHING).settings)).toEqual(maintenance);
});

it('counts the workers that the run, or an old server, leaves it', () => {
  const own = new Map([['max_parallel_workers', '3']]);
  expect(serverWorkers(KNOWN, { ...NOTHING, own }).most).toBe(3);
  const old = KNOWN.filter(({ name }) => name !== 'max_parallel_maintenance_workers');
  expect(serverWorkers(old, NOTHING).settings).toEqual([
    { name: 'max_parallel_workers_per_gather', most: 1024 },
  ]);
});

it.each([
  ['/var/run/postgresql', true],
  ['localhost', true],
  ['127.0.0.1', true],
  ['::1', true],
  ['db.example.com', false],
  ['10.0.0.7', false],
  ['127.example.com', false],
])('knows whether the server at %s is on this machine: %s', (host, isHere) => {
  expect(isOnThisMachine({ hosts: [{ host, port: 5432 }] })).toBe(isHere);
});

it('goes by the address where there is one, and by all hosts', () => {
  expect(isOnThisMachine({ hosts: [{ host: 'db', hostaddr: '127.0.0.1', port: 5432 }] })).toBe(true);
  expect(isOnThisMachine({ hosts: [{ host: 'localhost', hostaddr: '10.0.0.7', port: 5432 }] })).toBe(false);
  const hosts = ['localhost', 'db'].map((host) => ({ host, port: 5432 }));
  expect(isOnThisMachine({ hosts })).toBe(false);
});
