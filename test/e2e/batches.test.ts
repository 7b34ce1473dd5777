import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { RunEvent } from '../../src/model/event.js';
import { test } from './pqrun.js';

/** Thousands of small independent jobs, which go to their connections in batches. */

const QUERIES = Array.from({ length: 1500 }, (_, n) => `SELECT ${n} AS n, 'row ' || ${n} AS text;\n`);

function eventsOf(directory: string): readonly RunEvent[] {
  const text = readFileSync(join(directory, 'events.ndjson'), 'utf8');
  // Written by pqrun, one event a line.
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

describe('small queries', () => {
  test('give their results in the written order, however many connections there are', async ({ work }) => {
    work.write({ 'q.sql': QUERIES.join('') });
    const [one, four, sequential] = await Promise.all([
      work.pqrun(['q.sql', '-q', '--order', 'none', '-j', '1', '--csv', '-t']),
      work.pqrun(['q.sql', '-q', '--order', 'none', '-j', '4', '--csv', '-t', '--events', 'events.ndjson']),
      work.pqrun(['q.sql', '-q', '--csv', '-t']),
    ]);
    const expected = QUERIES.map((_, n) => `${n},row ${n}\n`).join('');
    for (const { status, stdout } of [one, four, sequential]) {
      expect(status).toBe(0);
      expect(stdout).toBe(expected);
    }
    const finished = eventsOf(work.directory).filter(({ type }) => type === 'job-finished');
    expect(finished).toHaveLength(QUERIES.length);
  });

  test('fail alone, each at its place', async ({ work }) => {
    const bad = new Set([400, 401, 900]);
    const lines = QUERIES.map((text, n) => (bad.has(n) ? 'SELECT 1/0;\n' : text));
    work.write({ 'q.sql': lines.join('') });
    const args = ['q.sql', '--order', 'none', '-j', '2', '-k', '--csv', '-t', '--events', 'events.ndjson'];
    const { status, stdout, stderr } = await work.pqrun(args);
    expect(status).toBe(3);
    expect(stdout.trim().split('\n')).toEqual(
      QUERIES.flatMap((_, n) => (bad.has(n) ? [] : [`${n},row ${n}`])),
    );
    for (const n of bad) expect(stderr).toContain(`q.sql:${n + 1}:1: ERROR:  division by zero`);
    const events = eventsOf(work.directory);
    expect(events.filter(({ type }) => type === 'job-failed')).toHaveLength(bad.size);
    expect(events.filter(({ type }) => type === 'job-finished')).toHaveLength(QUERIES.length - bad.size);
  });

  test('commit each for itself, and tell their own notices', async ({ work, database }) => {
    await database.query(
      `CREATE TABLE t (n int PRIMARY KEY, x xid8 DEFAULT pg_current_xact_id());
       CREATE FUNCTION told(n int) RETURNS int LANGUAGE plpgsql AS $$begin raise notice 'told %', n; return n; end$$`,
    );
    const inserts = Array.from({ length: 600 }, (_, n) =>
      n % 100 === 99 ? `SELECT told(${n});\n` : `INSERT INTO t (n) VALUES (${n === 350 ? 1 : n});\n`,
    );
    work.write({ 'q.sql': inserts.join('') });
    const { status, stderr } = await work.pqrun(['q.sql', '--order', 'none', '-j', '1', '-k']);
    expect(status).toBe(3);
    expect(stderr).toContain('duplicate key');
    for (const n of [99, 199, 299, 399, 499, 599])
      expect(stderr).toContain(`q.sql:${n + 1}:1: NOTICE:  told ${n}`);
    expect(
      await database.query('SELECT count(*)::int AS rows, count(DISTINCT x)::int AS transactions FROM t'),
    ).toEqual([{ rows: 593, transactions: 593 }]);
  });

  test('have the settings that stand before them, and none of another script', async ({ work }) => {
    const many = (text: string): string => `${text};\n`.repeat(60);
    work.write({
      'a.sql': `${many("SELECT current_setting('work_mem')")}SET work_mem = '77MB';\n${many("SELECT current_setting('work_mem')")}`,
      'b.sql': many("SELECT current_setting('work_mem')"),
    });
    const { status, stdout } = await work.pqrun([
      'a.sql',
      'b.sql',
      '--order',
      'none',
      '-j',
      '2',
      '-A',
      '-t',
      '-q',
    ]);
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n');
    const [first = ''] = lines;
    expect(first).not.toBe('77MB');
    expect(lines).toEqual([first, '77MB', first].flatMap((value) => Array.from({ length: 60 }, () => value)));
  });
  test('have them too where the session was spoilt in between', async ({ work }) => {
    // What looks like a setting of the user's own cannot be reset: the connection is renewed.
    const query = 'SELECT current_setting(\'work_mem\') AS "set a.b"';
    work.write({ 'a.sql': `SET work_mem = '77MB';\n${`${query};\n`.repeat(300)}` });
    const { status, stdout } = await work.pqrun(['a.sql', '--order', 'none', '-j', '1', '-A', '-t', '-q']);
    expect(status).toBe(0);
    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set(['77MB']));
  });
});

describe('statements of many scripts', () => {
  const scripts = (text: (n: number) => string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`s/${String(n).padStart(2, '0')}.sql`, text(n)]),
    );

  test('that wait for each other go together, each a job of its own name', async ({ work, database }) => {
    await database.query(`CREATE TABLE t (names text[]); INSERT INTO t VALUES ('{}')`);
    work.write(scripts(() => `UPDATE t SET names = names || current_setting('application_name');\n`));
    const { status } = await work.pqrun(['s', '-q', '-j', '2', '--events', 'events.ndjson']);
    expect(status).toBe(0);
    const names = Array.from({ length: 60 }, (_, n) => `pqrun: s/${String(n).padStart(2, '0')}.sql:1`);
    expect(await database.query('SELECT names FROM t')).toEqual([{ names }]);
    const told = eventsOf(work.directory).flatMap((event) =>
      event.type === 'job-started' || event.type === 'job-finished' ? [`${event.type} ${event.job}`] : [],
    );
    expect(told).toEqual(names.flatMap((_, job) => [`job-started ${job}`, `job-finished ${job}`]));
  });

  test('end with the one that fails', async ({ work, database }) => {
    await database.query('CREATE TABLE t (n int); INSERT INTO t VALUES (0)');
    work.write(scripts((n) => `UPDATE t SET n = n + 1 / ${n === 33 ? 0 : 1};\n`));
    const { status, stderr } = await work.pqrun(['s', '-j', '2', '--events', 'events.ndjson']);
    expect(status).toBe(3);
    expect(stderr).toContain('s/33.sql:1:1: ERROR:  division by zero');
    expect(await database.query('SELECT n FROM t')).toEqual([{ n: 33 }]);
    const count = (type: RunEvent['type']): number =>
      eventsOf(work.directory).filter((event) => event.type === type).length;
    expect([count('job-finished'), count('job-failed'), count('job-skipped')]).toEqual([33, 1, 26]);
  });

  test('that are small and independent go together, each a transaction that fails alone', async ({
    work,
    database,
  }) => {
    await database.query('CREATE TABLE t (n int PRIMARY KEY, x xid8 DEFAULT pg_current_xact_id())');
    work.write(scripts((n) => `INSERT INTO t (n) VALUES (${n === 33 ? 1 : n});\n`));
    const { status, stderr } = await work.pqrun(['s', '-j', '1', '-k']);
    expect(status).toBe(3);
    expect(stderr).toContain('duplicate key');
    expect(
      await database.query('SELECT count(*)::int AS rows, count(DISTINCT x)::int AS transactions FROM t'),
    ).toEqual([{ rows: 59, transactions: 59 }]);
  });
});
