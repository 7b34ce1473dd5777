import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { isPostmaster } from '../../../src/db/embedded/kept.js';
import { livenessOf, recordOf, startInStat } from '../../../src/db/embedded/os-process.js';
import { parseOwner } from '../../../src/db/embedded/throwaway.js';

test('this process is alive', async () => {
  expect(await livenessOf(await recordOf(process.pid))).toBe('alive');
});

test('a process that has ended is dead', async () => {
  const record = await recordOf(process.pid);
  const pid = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
  expect(await livenessOf({ ...record, pid })).toBe('dead');
});

test('another process that has got the id since is not taken for the owner', async () => {
  const record = await recordOf(process.pid);
  expect(await livenessOf({ ...record, started: 'a boot before this one 1' })).toBe('dead');
});

test('a process of another host or container cannot be judged', async () => {
  const record = await recordOf(process.pid);
  expect(await livenessOf({ ...record, host: 'elsewhere pid:[1]' })).toBe('unknown');
});

test('the start is read behind the name, whatever the name is', () => {
  const rest = ['S', ...Array.from({ length: 18 }, (_, index) => String(index)), '4711', '99'];
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(startInStat(`12 (${name}) ${rest.join(' ')}`, 'boot')).toBe('boot 4711');
    }),
  );
});

test('a zombie is not the process it was', () => {
  expect(startInStat('12 (node) Z 1 2 3', 'boot')).toBe('zombie');
});

test('an owner file survives the way to the disk and back', () => {
  const record = fc.record({ pid: fc.integer({ min: 1 }), started: fc.string(), host: fc.string() });
  fc.assert(
    fc.property(record, (owner) => {
      expect(parseOwner(JSON.stringify(owner))).toEqual(owner);
    }),
  );
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"pid":1}',
  '{"pid":"1","started":"","host":""}',
  '{"pid":-1,"started":"","host":""}',
])('nothing is concluded from the owner file %j', (text) => {
  expect(parseOwner(text)).toBeUndefined();
});

test.each([
  ['/usr/lib/postgresql/18/bin/postgres -D /data', true],
  ['postgres', true],
  ['/opt/bin/postmaster -D .', true],
  ['postgres: checkpointer', false],
  ['node server.js', false],
  ['', false],
])('%j is a postmaster: %s', (command, expected) => {
  expect(isPostmaster(command)).toBe(expected);
});
