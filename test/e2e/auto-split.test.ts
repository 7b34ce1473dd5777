import { expect } from 'vitest';
import { createDatabase } from '../database.js';
import { test, type Workplace } from './pqrun.js';

/** `--auto-split`: one long INSERT in pieces, without a directive. */

const BUILD = `CREATE TABLE t (id bigint PRIMARY KEY, v text, n int DEFAULT 7);
INSERT INTO t (id, v)
  SELECT g, md5(g::text) FROM generate_series(-500, :last) AS g
  WHERE g % 3 <> 0;
CREATE TABLE seen AS SELECT count(*)::int AS count, sum(id)::text AS ids, md5(string_agg(t::text, '' ORDER BY id)) AS md5 FROM t;
`;

interface Told {
  readonly jobs: readonly { readonly name: string; readonly piece?: unknown }[];
  readonly couldSplit?: readonly unknown[];
}

async function planOf(work: Workplace, args: readonly string[]): Promise<Told> {
  const { stdout, stderr, status } = await work.pqrun(['plan', '--format', 'json', ...args]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // `pqrun plan --format json` prints this.
  return JSON.parse(stdout) as Told;
}

test('builds what is built without it; what follows sees all rows', async ({ work, database }) => {
  work.write({ 'a.sql': BUILD });
  const args = ['a.sql', '-v', 'last=60000', '-j', '4'];
  const other = await createDatabase();
  try {
    const [whole, split] = await Promise.all([
      work.pqrun([...args, '-d', other.url]),
      work.pqrun([...args, '--auto-split']),
    ]);
    expect(whole).toMatchObject({ status: 0 });
    expect(split).toMatchObject({ status: 0 });
    expect(split.stderr).toContain('a.sql:2 [4 pieces]');
    expect(whole.stderr).not.toContain('pieces');
    const [seen] = await database.query('SELECT * FROM seen');
    expect(seen).toMatchObject({ count: 40_334 });
    expect(await other.query('SELECT * FROM seen')).toEqual([seen]);
  } finally {
    await other.drop();
  }
});

test('plan names what could be split, and shows the pieces once that is asked for', async ({ work }) => {
  work.write({
    'a.sql': BUILD,
    'pqrun.yaml': 'variables: { last: 60000 }\ndefaults: { auto-split: true }\nstages: [{ files: a.sql }]\n',
  });
  const args = ['a.sql', '-v', 'last=60000', '-j', '4'];
  const names = Array.from({ length: 4 }, (_, index) => `a.sql:2 [${index + 1}/4]`);
  const off = await planOf(work, args);
  expect(off.couldSplit).toEqual([{ file: 'a.sql', line: 2, column: 1 }]);
  expect(off.jobs.filter(({ piece }) => piece !== undefined)).toEqual([]);
  for (const on of [
    [...args, '--auto-split'],
    ['pqrun.yaml', '-j', '4'],
  ]) {
    const { couldSplit, jobs } = await planOf(work, on);
    expect(couldSplit).toBeUndefined();
    expect(jobs.filter(({ piece }) => piece !== undefined).map(({ name }) => name)).toEqual(names);
  }

  const [text, split] = await Promise.all([
    work.pqrun(['plan', ...args]),
    work.pqrun(['plan', ...args, '--auto-split']),
  ]);
  expect(text.stdout).toContain('\ncould be split (--auto-split): a.sql:2:1\n');
  expect(split.stdout).toContain('a.sql:2  split into 4 pieces of 15,126 values of its series\n');
  expect(split.stdout).not.toContain('--auto-split');
});

test('what the database has counts: a table, and one with a trigger', async ({ work, database }) => {
  await database.query(`CREATE TABLE plain (a int); CREATE TABLE seen (a int, v tsvector, w text);
    CREATE TRIGGER v BEFORE INSERT ON seen FOR EACH ROW
      EXECUTE FUNCTION tsvector_update_trigger(v, 'pg_catalog.english', w)`);
  const insert = (table: string): string =>
    `INSERT INTO ${table} (a) SELECT g FROM generate_series(1, 20000) g;\n`;
  work.write({ 'plain.sql': insert('plain'), 'seen.sql': insert('seen') });
  const args = ['-j', '2', '-d', database.url];
  expect((await planOf(work, ['plain.sql', ...args])).couldSplit).toHaveLength(1);
  expect((await planOf(work, ['plain.sql', '-1', ...args])).couldSplit).toBeUndefined();
  expect((await planOf(work, ['seen.sql', ...args])).couldSplit).toBeUndefined();
});

test('nothing is named, and nothing split, in another order', async ({ work }) => {
  work.write({ 'a.sql': BUILD });
  for (const order of ['sequential', 'stages', 'none']) {
    const told = await planOf(work, [
      'a.sql',
      '-v',
      'last=60000',
      '-j',
      '4',
      '--order',
      order,
      '--auto-split',
    ]);
    expect(told.couldSplit).toBeUndefined();
    expect(told.jobs.filter(({ piece }) => piece !== undefined)).toEqual([]);
  }
});

test('a piece that fails is told with its place, its number and its values; the others are in', async ({
  work,
  database,
}) => {
  work.write({
    'a.sql': `CREATE TABLE t (id bigint, v int);
INSERT INTO t
  SELECT g,
    1 / (g - 35000) FROM generate_series(1, 40000) AS g;
INSERT INTO t VALUES (0, 0);
SELECT nothing FROM t;
`,
  });
  const { status, stderr } = await work.pqrun(['a.sql', '-j', '2', '--auto-split']);
  expect(status).toBe(3);
  expect(stderr).toContain('a.sql:2:1: ERROR:  division by zero');
  expect(stderr).toContain('in piece 2 of 2 (rows 20001 to 40000)');
  expect(await database.query('SELECT count(*)::int AS n, max(id)::int AS last FROM t WHERE id > 0')).toEqual(
    [{ n: 20_000, last: 20_000 }],
  );
});

test('an error in the text is told where it stands behind the bounds', async ({ work }) => {
  work.write({
    'a.sql': `CREATE TABLE t (id bigint);
INSERT INTO t SELECT g FROM generate_series(1, :last) AS g
  WHERE missing = 1;
`,
  });
  const { status, stderr } = await work.pqrun(['a.sql', '-v', 'last=1000000', '-j', '2', '--auto-split']);
  expect(status).toBe(3);
  expect(stderr).toContain('a.sql:3:9: ERROR:  column "missing" does not exist');
});

test('on several targets each does all of it, and plans name it once', async ({ work, database }) => {
  await database.query('CREATE SCHEMA s_1; CREATE SCHEMA s_2');
  work.write({ 'a.sql': BUILD });
  const args = ['a.sql', '-v', 'last=20000', '-j', '2', '--each-schema', 's\\_%'];
  expect((await planOf(work, args)).couldSplit).toHaveLength(1);
  expect((await work.pqrun([...args, '--auto-split'])).status).toBe(0);
  const [one] = await database.query('SELECT * FROM s_1.seen');
  expect(one).toMatchObject({ count: 13_668 });
  expect(await database.query('SELECT * FROM s_2.seen')).toEqual([one]);
});
