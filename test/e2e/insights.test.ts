import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RunEvent } from '../../src/model/event.js';
import { test, type Workplace } from './pqrun.js';

/** What `--insights` prints, and the events it is made of, of runs on a real server that sleep for known times. */

function eventsOf<T extends RunEvent['type']>(work: Workplace, type: T): Extract<RunEvent, { type: T }>[] {
  const lines = readFileSync(join(work.directory, 'e.ndjson'), 'utf8').trim().split('\n');
  // Written by pqrun, one event a line.
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  return events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);
}

/** The table's lines by their labels, as numbers. */
function tableOf(stderr: string): ReadonlyMap<string, readonly number[]> {
  const [, table = ''] = /^insights: .*\n.*ratio.*\n((?: {2}.*\n)*)/m.exec(stderr) ?? [];
  const lines = table.trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [label = '', ...cells] = line.replaceAll(' %', '').trim().split(/ +/);
      return [label, cells.map(Number)];
    }),
  );
}

const SLEEP = '--init-sql=SELECT pg_sleep(0.2)';

test('tells for each connection what its time went into', async ({ work }) => {
  work.write({ 'q.sql': 'SELECT pg_sleep(0.6);\nSELECT pg_sleep(0.3), 17;\n' });
  const args = ['q.sql', '--order', 'none', '-j', '2', '--insights', SLEEP, '--events', 'e.ndjson'];
  const { status, stderr } = await work.pqrun([...args, '--exit-sql', 'SELECT pg_sleep(0.1)']);
  expect(status).toBe(0);

  const opened = eventsOf(work, 'connection-opened');
  const closed = eventsOf(work, 'connection-closed');
  expect(opened.map(({ connection }) => connection).sort()).toEqual([0, 1]);
  expect(closed.map(({ connection }) => connection).sort()).toEqual([0, 1]);
  for (const { startup, init } of opened) {
    expect(startup).toBeGreaterThan(0);
    expect(init).toBeGreaterThanOrEqual(200);
    expect(init).toBeLessThan(1000);
  }
  for (const { exit } of closed) {
    expect(exit).toBeGreaterThanOrEqual(100);
    expect(exit).toBeLessThan(1000);
  }

  const table = tableOf(stderr);
  expect([...table.keys()]).toEqual(['1', '2', 'total', 'share', 'mean', 'std']);
  const [startup = 0, init = 0, waiting = 0, working = 0, exit = 0, ratio = 0, jobs] =
    table.get('total') ?? [];
  expect(init).toBeGreaterThanOrEqual(400);
  expect(working).toBeGreaterThanOrEqual(900);
  expect(working).toBeLessThan(2000);
  expect(exit).toBeGreaterThanOrEqual(200);
  expect(jobs).toBe(2);
  expect(Math.abs((100 * working) / (startup + init + waiting + working + exit) - ratio)).toBeLessThan(1);
  expect(stderr).toMatch(
    /slowest statements\n +\d+ ms {2}q\.sql:1:1 {2}connection \d\n +SELECT pg_sleep\(0\.6\)\n/,
  );
  expect(stderr).toContain('SELECT pg_sleep(0.3), 17\n');
});

test('counts each renewal of a connection, and its time as opening', async ({ work }) => {
  const tied = '--init-sql=SELECT pg_sleep(0.6); CREATE TEMP TABLE mine ()';
  work.write({ 'a.sql': 'SELECT pg_sleep(0.1);', 'b.sql': 'SELECT pg_sleep(0.1);' });
  const { stderr } = await work.pqrun(['.', '-j', '1', '--insights', '-q', tied, '--events', 'e.ndjson']);
  const opened = eventsOf(work, 'connection-opened');
  const table = tableOf(stderr);
  const [, init = 0, , working = 0, , , jobs, openings] = table.get('1') ?? [];
  expect(openings).toBe(opened.length);
  expect(opened.length).toBeGreaterThan(1);
  expect(init).toBeGreaterThanOrEqual(600 * opened.length);
  expect(working).toBeGreaterThanOrEqual(200);
  // Less than with one renewal in it.
  expect(working).toBeLessThan(200 + 600);
  expect(jobs).toBe(2);
});

test('comes before the failures, and with -q too', async ({ work }) => {
  const { status, stderr } = await work.pqrun(['-c', 'SELECT 1/0', '--insights', '-q']);
  expect(status).toBe(3);
  expect(stderr).toMatch(/^insights: 1 connection, times in ms\n/);
  expect(stderr.indexOf('insights')).toBeLessThan(stderr.indexOf('division by zero'));
});

test('events tell how statements begin, without their secrets', async ({ work, database }) => {
  const role = `told_${database.name}`;
  work.write({
    'a.sql': `CREATE ROLE ${role}\n  PASSWORD 'hidden-${'x'.repeat(120)}';\nDROP ROLE ${role};\nSELECT 1 AS n \\gset\nSELECT :n + 1;\n`,
    'b.sql': `SELECT '${'long '.repeat(100)}';`,
    'c.sql': '-- pqrun: split rows=10 into=2\nSELECT :lo,\n\t:hi;',
  });
  const { status } = await work.pqrun([
    '.',
    '-j',
    '1',
    '--order',
    'sequential',
    '-q',
    '--events',
    'e.ndjson',
  ]);
  expect(status).toBe(0);
  expect(eventsOf(work, 'statement-finished').map(({ statement }) => statement)).toEqual([
    `CREATE ROLE ${role} PASSWORD ***`,
    `DROP ROLE ${role}`,
    'SELECT 1 AS n',
    'SELECT 1 + 1',
    `SELECT '${'long '.repeat(18)}l…`,
    'SELECT 1, 5',
    'SELECT 6, 10',
  ]);
});
