import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { backends } from '../database.js';
import { test } from './pqrun.js';
import { eventsOf, makeTargets, NAMES, targetArgs } from './targets-rig.js';

/** The results of many databases as one; what scripts know of where they are; splits that are dealt out; the first row. */

describe('columns that differ', () => {
  test.for(['a', 'b', 'c'])('are told with both lists: %s is other', async (other, { work, database }) => {
    await makeTargets(database);
    await database.query(`ALTER TABLE ${other}.t ADD COLUMN more int`);
    const args = ['-c', 'SELECT * FROM t', '--csv', '-k', ...targetArgs(database)];
    const { status, stdout, stderr } = await work.pqrun(args);
    expect(status).toBe(3);
    expect(stderr).toMatch(/the columns differ between targets: \w gives \(.*\), \w gives \(.*\)/);
    expect(stderr).toContain(`${other} gives (id, v, more)`);
    expect(stderr).toMatch(/[abc] gives \(id, v\)/);
    // One shape only, whole.
    const rows = stdout.trim().split('\n');
    const widths = new Set(rows.map((row) => row.split(',').length));
    expect(widths.size).toBe(1);
    expect(rows.slice(1).map((row) => row.split(',')[1]?.[0])).toEqual(
      NAMES.filter((name) => stdout.includes(`${name}1`)).flatMap((name) => [name, name, name]),
    );
  });

  test.for([
    ['answers last', "case when :'target' = 'c' then 0.3 else 0 end", ['a', 'b']],
    ['answers first', "case when :'target' = 'c' then 0 else 0.3 end", ['c']],
  ] as const)('are found when the other %s', async ([, delay, printed], { work, database }) => {
    await makeTargets(database);
    await database.query('ALTER TABLE c.t ADD COLUMN more int');
    work.write({ 'q.sql': `SELECT t.* FROM t, (SELECT pg_sleep(${delay})) AS s;\n` });
    const { status, stdout, stderr } = await work.pqrun(['q.sql', '--csv', '-k', ...targetArgs(database)]);
    expect(status).toBe(3);
    expect(stderr).toContain('c gives (id, v, more)');
    const names = stdout.match(/[abc](?=1\b)/g);
    expect(names).toEqual(printed);
  });

  test('are found in any result of a job', async ({ work, database }) => {
    await makeTargets(database);
    await database.query('ALTER TABLE b.t RENAME v TO w');
    work.write({ 'q.sql': 'BEGIN;\nSELECT 1 AS x;\nSELECT * FROM t WHERE id = 1;\nCOMMIT;\n' });
    const { status, stdout, stderr } = await work.pqrun(['q.sql', '--csv', '-k', ...targetArgs(database)]);
    expect(status).toBe(3);
    expect(stderr).toContain('(id, w)');
    expect(stdout).not.toMatch(stdout.includes('id,w') ? /id,v/ : /id,w/);
  });

  test('are none when names are the same', async ({ work, database }) => {
    await makeTargets(database);
    await database.query('ALTER TABLE b.t ALTER id TYPE text');
    const { status } = await work.pqrun(['-c', 'SELECT * FROM t', '--csv', ...targetArgs(database)]);
    expect(status).toBe(0);
  });
});

describe('results', () => {
  test('of COPY go through as they are', async ({ work, database }) => {
    await makeTargets(database);
    const args = ['-c', 'COPY (SELECT v FROM t ORDER BY id) TO STDOUT', ...targetArgs(database)];
    const [plain, json] = await Promise.all([work.pqrun(args), work.pqrun([...args, '--format', 'json'])]);
    const lines = NAMES.flatMap((name) => [1, 2, 3].map((n) => `${name}${n}`));
    expect(plain.stdout.trim().split('\n')).toEqual(lines);
    expect(JSON.parse(json.stdout)).toHaveLength(9);
  });

  test('of a statement that fails are none, not an empty one', async ({ work, database }) => {
    await makeTargets(database);
    const sql = 'SELECT 1 / (id - 1) AS x FROM t ORDER BY id';
    const args = ['-c', sql, '-k', '-q', ...targetArgs(database)];
    const outputs = await Promise.all([work.pqrun(args), work.pqrun([...args, '--csv'])]);
    expect(outputs.map(({ status, stdout }) => [status, stdout])).toEqual([
      [3, ''],
      [3, ''],
    ]);
    expect(outputs[0].stderr).toMatch(/on b: ERROR: {2}division by zero/);
  });

  test('of scripts that are read while they run', async ({ work, database }) => {
    await makeTargets(database);
    work.write({
      'live.sql': `SELECT max(v) AS best FROM t \\gset\nSELECT :'best' AS best, :target_index AS n, :targets AS of;\n`,
    });
    const { status, stdout } = await work.pqrun([
      'live.sql',
      '--csv',
      '--with-target',
      ...targetArgs(database),
    ]);
    expect([status, stdout]).toEqual([0, 'target,best,n,of\na,a3,0,3\nb,b3,1,3\nc,c3,2,3\n']);
  });

  test('go into a file, or into a directory a target', async ({ work, database }) => {
    await makeTargets(database);
    work.write({ 'q.sql': `SELECT v FROM t WHERE id = 1;\nSELECT :'target' AS t;\n` });
    const args = ['q.sql', '--csv', '--with-target', ...targetArgs(database)];
    const file = await work.pqrun([...args, '-o', 'all.csv']);
    const directory = await work.pqrun([...args, '-o', 'DIR/']);
    const read = (name: string): string => readFileSync(join(work.directory, name), 'utf8');
    expect([file.status, directory.status]).toEqual([0, 0]);
    expect(read('all.csv')).toBe('target,v\na,a1\nb,b1\nc,c1\ntarget,t\na,a\nb,b\nc,c\n');
    const files = readdirSync(join(work.directory, 'DIR'), { recursive: true }).toSorted();
    expect(files).toEqual(NAMES.flatMap((name) => [name, `${name}/q.1.csv`, `${name}/q.2.csv`]));
    expect(read('DIR/b/q.1.csv')).toBe('target,v\nb,b1\n');
  });

  test('come as they come with --unordered, each once', async ({ work, database }) => {
    await makeTargets(database);
    work.write({ 'q.sql': 'SELECT v FROM t;\nSELECT v FROM t;\n' });
    const { stdout } = await work.pqrun(['q.sql', '-At', '--unordered', ...targetArgs(database)]);
    const lines = NAMES.flatMap((name) => [1, 2, 3].flatMap((n) => [`${name}${n}`, `${name}${n}`]));
    expect(stdout.trim().split('\n').toSorted()).toEqual(lines);
  });
});

describe('scripts', () => {
  test('know where they are, in conditions, files and texts', async ({ work, database }) => {
    await makeTargets(database);
    work.write({
      'q.sql': `\\set file only- :target .sql\n\\if :{?target}\n\\ir :file\n\\endif\nSELECT :'target' AS name;\n`,
      ...Object.fromEntries(NAMES.map((name) => [`only-${name}.sql`, `SELECT 'file of ${name}' AS of;\n`])),
    });
    const { status, stdout } = await work.pqrun(['q.sql', '--csv', ...targetArgs(database)]);
    expect([status, stdout]).toEqual([0, 'of\nfile of a\nof\nfile of b\nof\nfile of c\nname\na\nb\nc\n']);
  });

  test('are one transaction on each with -1, and a failure is that of its target', async ({
    work,
    database,
  }) => {
    await makeTargets(database);
    await database.query('ALTER TABLE b.t ADD CHECK (id < 5)');
    work.write({ 'q.sql': 'INSERT INTO t VALUES (4);\nINSERT INTO t VALUES (5);\n' });
    const { status, stderr } = await work.pqrun(['q.sql', '-1', '-k', ...targetArgs(database)]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/q\.sql:2:1 on b: ERROR/);
    const counts = await Promise.all(
      NAMES.map((name) => database.query(`SELECT count(*)::int AS n FROM ${name}.t`)),
    );
    expect(counts.map(([row]) => row?.n)).toEqual([5, 3, 5]);
  });

  test('read one moment of each with --snapshot', async ({ work, database }) => {
    await makeTargets(database);
    const args = ['-c', 'SELECT count(*) AS n FROM t', '--csv', '--snapshot', '--with-target'];
    const { status, stdout } = await work.pqrun([...args, ...targetArgs(database)]);
    expect([status, stdout]).toEqual([0, 'target,n\na,3\nb,3\nc,3\n']);
  });

  test('stop on all targets at a failure, unless they keep going', async ({ work, database }) => {
    await makeTargets(database);
    await database.query('DROP TABLE b.t');
    work.write({ 'q.sql': 'SELECT count(*) FROM t;\nSELECT pg_sleep(0.3);\nSELECT 2 AS two;\n' });
    const args = ['q.sql', '-At', ...targetArgs(database)];
    const [stopped, kept] = await Promise.all([work.pqrun(args), work.pqrun([...args, '-k'])]);
    expect([stopped.status, kept.status]).toEqual([3, 3]);
    expect(stopped.stderr).toMatch(/q\.sql:1:22 on b: ERROR/);
    expect(stopped.stdout).not.toContain('2\n');
    expect(kept.stderr).toContain('b: 2 jobs done, 1 failed');
    expect(kept.stdout.match(/^2$/gm)).toHaveLength(3);
  });
});

describe('splits over targets', () => {
  test.for([
    ['rows', 'split rows=10 into=2', 'SELECT i FROM generate_series(:lo, :hi) AS i', 10],
    ['fewer rows than targets', 'split rows=2', 'SELECT i FROM generate_series(:lo, :hi) AS i', 2],
    ['values', 'split values=1,2,3,4,5', 'SELECT :value', 5],
    ['fewer values than targets', 'split values=1', 'SELECT :value', 1],
    ['records', 'split each=r.csv', 'SELECT :n', 4],
  ] as const)('do each piece once: %s', async ([, split, sql, count], { work, database }) => {
    await makeTargets(database);
    work.write({
      'r.csv': 'n\n1\n2\n3\n4\n',
      'q.sql': `TRUNCATE t;\n-- pqrun: ${split} over=targets\nINSERT INTO t ${sql};\nSELECT count(*) AS n FROM t;\n`,
    });
    const { status, stdout } = await work.pqrun(['q.sql', '--csv', '-j2', ...targetArgs(database)]);
    expect(status).toBe(0);
    const rows = await database.query('TABLE a.t UNION ALL TABLE b.t UNION ALL TABLE c.t ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, n) => n + 1));
    const [header, ...counts] = stdout.trim().split('\n');
    expect(header).toBe('n');
    expect(counts.map(Number).reduce((sum, n) => sum + n, 0)).toBe(count);
    expect(counts).toHaveLength(3);
  });

  test('are done by each target without over=targets', async ({ work, database }) => {
    await makeTargets(database);
    work.write({ 'q.sql': '-- pqrun: split rows=4\nINSERT INTO t SELECT generate_series(:lo, :hi);\n' });
    expect((await work.pqrun(['q.sql', '-j2', ...targetArgs(database)])).status).toBe(0);
    expect(await database.query('SELECT 1 FROM c.t WHERE v IS NULL')).toHaveLength(4);
  });
});

describe('the first row', () => {
  const SLOW = `SELECT pg_sleep(CASE WHEN current_schema = 'c' THEN 0 ELSE 30 END)::text AS s, current_schema AS here`;

  test.for([
    ['csv', 's,here\n,c\n'],
    ['json', '[\n{"s":"","here":"c"}\n]\n'],
    ['table', ' s | here \n---+------\n   | c\n(1 row)\n\n'],
  ] as const)('is enough, from whichever it comes: %s', async ([format, expected], { work, database }) => {
    await makeTargets(database);
    const began = performance.now();
    const args = ['-c', SLOW, '--first', '--format', format, '--events', 'events.ndjson'];
    const { status, stdout, stderr } = await work.pqrun([...args, ...targetArgs(database)]);
    expect([status, stdout]).toEqual([0, expected]);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(stderr).not.toMatch(/ERROR|failed|to go on/);
    expect(eventsOf(work).at(-1)).toMatchObject({ type: 'run-finished', status: 'done' });
    expect(await backends(database.name)).toEqual([]);
  });

  test('is one, also where a target has many', async ({ work, database }) => {
    await makeTargets(database);
    const args = ['-c', `SELECT 1 AS x FROM generate_series(1, 100000)`, '--first', '--csv'];
    expect((await work.pqrun([...args, ...targetArgs(database)])).stdout).toBe('x\n1\n');
  });

  test('may be nowhere', async ({ work, database }) => {
    await makeTargets(database);
    const args = ['-c', 'SELECT id FROM t WHERE id > 3', '--first', '--csv', ...targetArgs(database)];
    const { status, stdout } = await work.pqrun(args);
    expect([status, stdout]).toEqual([0, 'id\n']);
  });
});

test('insights are told of runs over targets, too', async ({ work, database }) => {
  await makeTargets(database);
  const { status, stderr } = await work.pqrun([
    '-c',
    'TABLE t',
    '-At',
    '--insights',
    ...targetArgs(database),
  ]);
  expect(status).toBe(0);
  expect(stderr).toMatch(/@a|on a\b/);
});
