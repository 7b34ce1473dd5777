import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.js';
import { query, started, until } from '../integration/embedded-rig.js';
import { test } from './pqrun.js';

/** A run over four servers, over which a table is spread by the remainder of its key. */

const NAMES = ['s0', 's1', 's2', 's3'] as const;
const ROWS = 400;
let servers: EmbeddedServer[] = [];

beforeAll(async () => {
  const starts = await Promise.all(NAMES.map(() => startEmbedded({ connections: 10 })));
  servers = starts.map(started);
  await Promise.all(
    servers.map((server, index) =>
      query(
        server,
        `CREATE TABLE customer (id int PRIMARY KEY, name text);
         INSERT INTO customer SELECT i, 'name ' || i FROM generate_series(0, ${ROWS - 1}) AS i WHERE i % 4 = ${index}`,
      ),
    ),
  );
}, 120_000);

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
}, 60_000);

function dsnOf({ host, port, user, password, database }: EmbeddedServer): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`;
}

function targets(others: Readonly<Record<string, string>> = {}): readonly string[] {
  const dsns = {
    ...Object.fromEntries(NAMES.map((name, index) => [name, dsnOf(servers[index]!)])),
    ...others,
  };
  return Object.entries(dsns).flatMap(([name, dsn]) => ['--target', `${name}=${dsn}`]);
}

async function backendsOf(server: EmbeddedServer): Promise<number> {
  const rows = await query(
    server,
    `SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return rows.length;
}

const SORTED = Array.from({ length: ROWS }, (_, id) => id);
const ONE = 'SELECT id, name FROM customer WHERE id = 42';
const ALL = 'SELECT id FROM customer ORDER BY id';

describe('a table spread over four servers', () => {
  test('gives the one row that one of them has', async ({ work }) => {
    const events = join(work.directory, 'events.ndjson');
    const { status, stdout } = await work.pqrun([...targets(), '-c', ONE, '--csv', '--events', events]);
    expect([status, stdout]).toEqual([0, 'id,name\n42,name 42\n']);
    const told = readFileSync(events, 'utf8').trim().split('\n');
    // What the program writes: one event a line.
    const ended = told.map((line) => JSON.parse(line) as Record<string, unknown>);
    const rows = ended.filter(({ type }) => type === 'job-finished').map((e) => [e.target, e.rows]);
    expect(rows.toSorted()).toEqual([
      ['s0', 0],
      ['s1', 0],
      ['s2', 1],
      ['s3', 0],
    ]);
    expect(ended[0]).toMatchObject({ type: 'run-started', targets: NAMES });
  });

  test.for([
    ['csv', ['id', '42'], ['target,id', 's2,42']],
    ['tsv', ['id', '42'], ['target\tid', 's2\t42']],
    ['ndjson', ['{"id":42}'], ['{"target":"s2","id":42}']],
    ['json', ['[', '{"id":42}', ']'], ['[', '{"target":"s2","id":42}', ']']],
    [
      'table',
      [' id ', '----', ' 42', '(1 row)', ''],
      [' target | id ', '--------+----', ' s2     | 42', '(1 row)', ''],
    ],
  ] as const)('prints it as %s', async ([format, plain, named], { work }) => {
    const args = [...targets(), '-c', 'SELECT id FROM customer WHERE id = 42', '--format', format, '-q'];
    const [without, withTarget] = await Promise.all([
      work.pqrun(args),
      work.pqrun([...args, '--with-target']),
    ]);
    expect(without.stdout).toBe(`${plain.join('\n')}\n`);
    expect(withTarget.stdout).toBe(`${named.join('\n')}\n`);
  });

  test('gives every row once, in each format', async ({ work }) => {
    const args = [...targets(), '-c', ALL, '-q', '-j2'];
    const [csv, json, ndjson, tsv, table, unaligned] = await Promise.all(
      [
        ...['csv', 'json', 'ndjson', 'tsv', 'table'].map((format) => ['--format', format, '--with-target']),
        ['-A', '--with-target'],
      ].map(async (format) => (await work.pqrun([...args, ...format])).stdout),
    );
    const expected = NAMES.flatMap((name, index) =>
      SORTED.filter((id) => id % 4 === index).map((id) => `${name} ${id}`),
    );
    const lines = (text: string | undefined, separator: string): readonly string[] =>
      (text ?? '')
        .trim()
        .split('\n')
        .map((line) => line.split(separator).map((cell) => cell.trim()))
        .filter(([name]) => /^s\d$/.test(name ?? ''))
        .map((cells) => cells.join(' '));
    expect(lines(csv, ',')).toEqual(expected);
    expect(lines(tsv, '\t')).toEqual(expected);
    expect(lines(table, '|')).toEqual(expected);
    expect(lines(unaligned, '|')).toEqual(expected);
    expect(unaligned).toContain(`(${ROWS} rows)`);
    // The columns of the query.
    const rows = JSON.parse(json ?? '') as { readonly target: string; readonly id: number }[];
    expect(rows.map(({ target, id }) => `${target} ${id}`)).toEqual(expected);
    expect((ndjson ?? '').trim().split('\n')).toEqual(rows.map((row) => JSON.stringify(row)));
  });

  test('is left without a backend when a run is interrupted', async ({ work }) => {
    const running = work.start([...targets(), '-c', 'SELECT pg_sleep(60)', '-j2']);
    await until('all sleep', async () => {
      const counts = await Promise.all(
        servers.map((server) =>
          query(
            server,
            `SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'`,
          ),
        ),
      );
      return counts.every(({ length }) => length === 1);
    });
    running.process.kill('SIGINT');
    const { status, stderr } = await running.finished;
    expect(status).toBe(130);
    expect(stderr).toContain('s3: 0 jobs done, 1 cancelled');
    await until('no backend is left', async () => {
      const counts = await Promise.all(servers.map(backendsOf));
      return counts.every((count) => count === 0);
    });
  });
});

describe('a server that cannot be reached', () => {
  const nowhere = { gone: 'postgresql://someone:secret@127.0.0.1:1/x' };

  test('is named, and nothing is run', async ({ work }) => {
    const { status, stdout, stderr } = await work.pqrun([
      ...targets(nowhere),
      '-c',
      "INSERT INTO customer VALUES (-1, 'x')",
    ]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('cannot connect: target gone: ');
    expect(stderr).not.toContain('secret');
    expect(await query(servers[0]!, 'SELECT 1 FROM customer WHERE id < 0')).toEqual([]);
  });

  test('does not keep the others from anything, with -k', async ({ work }) => {
    const { status, stdout, stderr } = await work.pqrun([...targets(nowhere), '-c', ALL, '-k', '--csv']);
    expect(status).toBe(3);
    expect(stdout.trim().split('\n')).toHaveLength(1 + ROWS);
    expect(stderr).toMatch(/could not be opened: target gone: /);
    expect(stderr).toContain('gone: 0 jobs done, 1 skipped');
    expect(stderr).not.toContain('secret');
  });
});

/** Last, because one of the servers is gone then. */
describe('a server that dies in mid-run', () => {
  const steps = Array.from({ length: 6 }, (_, n) => `SELECT ${n} AS step, pg_sleep(0.1)::text AS x;\n`).join(
    '',
  );

  test('stops the run, which names it', async ({ work }) => {
    await dying('s3', async (kill) => {
      const text = `SELECT id, repeat('x', 5000) AS filler FROM customer, generate_series(1, 20) ORDER BY id;\n${steps}`;
      work.write({ 'q.sql': text });
      const events = join(work.directory, 'events.ndjson');
      // Where it dies between two statements, it would be waited for, while the others finish everything.
      const args = ['q.sql', '--csv', '--with-target', '--events', events, '--retries', '0'];
      const running = work.start([...targets(), ...args]);
      await running.stderrShows('q.sql:2@s3');
      kill();
      const { status, stdout, stderr } = await running.finished;
      expect(status).toBe(3);
      expect(stderr).toMatch(/on s3: (?:connection lost|cannot connect)/);
      expect(stderr).toMatch(/s0: [1-6] jobs? done, \d skipped/);
      const filled = stdout.split('\n').filter((line) => line.includes('xxx'));
      const counts = new Map<string, number>();
      for (const line of filled) counts.set(line, (counts.get(line) ?? 0) + 1);
      // Each row of the join is there twenty times; none more often, and none that is not of its server.
      expect([...counts].filter(([, count]) => count > 20)).toEqual([]);
      expect([...counts.keys()].filter((line) => !isTrue(line))).toEqual([]);
      expect(filled.filter((line) => line.startsWith('s0,'))).toHaveLength((ROWS / 4) * 20);
    });
  });

  test('leaves the others to finish everything, with -k', async ({ work }) => {
    await dying('s2', async (kill) => {
      work.write({ 'q.sql': `${ALL};\n${steps}` });
      const args = ['q.sql', '--csv', '--with-target', '-k', '--order', 'sequential'];
      const alive = targets().filter((word, index, all) => !`${word}${all[index + 1] ?? ''}`.includes('s3='));
      const running = work.start([...alive, ...args]);
      await running.stderrShows('q.sql:3@s2');
      kill();
      const { status, stdout, stderr } = await running.finished;
      expect(status).toBe(3);
      // It may have died in a statement, or between two of them.
      expect(stderr).toMatch(/on s2: (?:connection lost|cannot connect)/);
      for (const name of ['s0', 's1']) {
        expect(stderr).toContain(`${name}: 7 jobs done`);
        expect(stdout.split('\n').filter((line) => line.startsWith(`${name},`))).toHaveLength(ROWS / 4 + 6);
      }
      expect(stderr).toMatch(/s2: [1-6] jobs? done, [12] failed, \d skipped/);
      expect(stderr).toContain('the last commits may not be on disk: target s2: ');
      expect(stderr).not.toContain('give --keep-going');
      expect(stdout.split('\n').filter((line) => /^s2,\d+$/.test(line))).toHaveLength(ROWS / 4);
    });
  });
});

function isTrue(line: string): boolean {
  const [name, id] = line.split(',');
  return `s${Number(id) % 4}` === name;
}

/** One of the servers can be killed, and is not used any more afterwards. */
async function dying(name: (typeof NAMES)[number], act: (kill: () => void) => Promise<void>): Promise<void> {
  const { directory } = servers[NAMES.indexOf(name)]!;
  const [postmaster] = readFileSync(join(directory, 'data/postmaster.pid'), 'utf8').split('\n');
  await act(() => process.kill(Number(postmaster), 'SIGKILL'));
}
