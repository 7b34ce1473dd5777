import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test } from './psql.js';

/** Every door to a shell is refused before the run, with its place: nothing is run, nothing is created. */

const DOORS = [
  '\\! touch evil',
  '\\!touch evil',
  '\\set a `touch evil`',
  '\\echo `touch evil`',
  "\\echo x'`touch evil`'`touch evil`",
  '\\i `touch evil`',
  '\\cd `touch evil`',
  '\\if `touch evil`\n\\endif',
  '\\if false\n\\elif `touch evil`\n\\endif',
  '\\o `touch evil`',
  '\\o | touch evil',
  '\\o |touch evil',
  'SELECT 1 \\g | touch evil',
  'SELECT 1 \\g |touch evil',
  'SELECT 1 \\gx | touch evil',
  'SELECT 1 \\g (format=csv) | touch evil',
  'SELECT 1 AS a \\gset `touch evil`',
  "\\copy t from program 'touch evil'",
  "\\copy t to program 'touch evil'",
  "\\copy (SELECT 1) TO PROGRAM 'touch evil'",
  '\\setenv PAGER touch',
  '\\setenv PSQL_EDITOR `touch evil`',
  '\\w | touch evil',
  '\\w evil',
  '\\e evil',
  '\\edit evil',
  '\\ef f',
  '\\pset null `touch evil`',
  '\\encoding `touch evil`',
  '\\c `touch evil`',
  '\\timing `touch evil`',
  '\\unset `touch evil`',
  '\\getenv a `touch evil`',
  '\\prompt `touch evil` a',
  '\\qecho `touch evil`',
  '\\warn `touch evil`',
  '\\x `touch evil`',
  '\\t `touch evil`',
  '\\f `touch evil`',
  '\\C `touch evil`',
  '\\T `touch evil`',
  '\\a\n\\! touch evil',
  '\\cd `touch evil`',
  '\\ir `touch evil`',
  '\\include `touch evil`',
  '\\include_relative `touch evil`',
  '\\out | touch evil',
  '\\write | touch evil',
  '\\s evil',
  '\\ev v',
  '\\sf `touch evil`',
  '\\lo_import evil',
  '\\lo_export 1 evil',
  '\\watch c=1',
  '\\crosstabview `touch evil`',
  '\\password postgres',
  '\\h | touch evil',
  '\\d `touch evil`',
  'SELECT 1 \\bind `touch evil` \\g',
  'SELECT 1 \\g `touch evil`',
  '\\copy t from stdin `touch evil`',
  "\\COPY t FROM PROGRAM 'touch evil'",
  "\\copy t from\tprogram 'touch evil' with csv",
  '\\pset pager `touch evil`',
  '\\pset `touch evil`',
];

test('each is a fault of its own, and together they end the run before it begins', async ({
  work,
  database,
}) => {
  const files = DOORS.map(
    (door, index) => [`${String(index)}.sql`, `CREATE TABLE t${index} (n int);\n${door}\n`] as const,
  );
  work.write(Object.fromEntries(files));
  const { status, stdout, stderr } = await work.pqrun(files.map(([name]) => name));
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const missing = files.filter(
    ([name]) => !stderr.split('\n').some((line) => new RegExp(`^${name}:[23]:.*error`).test(line)),
  );
  expect(missing).toEqual([]);
  expect(existsSync(join(work.directory, 'evil'))).toBe(false);
  expect(await database.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
});

describe('a door that only a run would reach', () => {
  for (const [what, script] of [
    ['behind \\gset', "SELECT 'x' AS x \\gset\n\\! touch evil\n"],
    ['in a branch on a result', 'SELECT true AS x \\gset\n\\if :x\n\\! touch evil\n\\endif\n'],
    ['in an included file', '\\i inner.sql\n'],
    ['in a file that a result names', "SELECT 'inner.sql' AS f \\gset\n\\i :f\n"],
  ] as const) {
    test(`${what} is refused, and nothing runs behind it`, async ({ work, database }) => {
      const behind = 'CREATE TABLE behind ();\n';
      const inner = `SELECT 1;\n\\! touch evil\n${behind}`;
      work.write({ 'main.sql': `\\echo begun\n${script}${behind}`, 'inner.sql': inner });
      const { status, stderr } = await work.pqrun(['main.sql']);
      expect(status).not.toBe(0);
      expect(stderr).toContain('shell');
      expect(await database.query("SELECT 1 FROM pg_class WHERE relname = 'behind'")).toEqual([]);
      expect(existsSync(join(work.directory, 'evil'))).toBe(false);
    });
  }

  test('in a variable’s value is no door', async ({ work }) => {
    work.write({
      'main.sql':
        "SELECT '`touch evil`' AS a, '| touch evil' AS b, E'\\n\\\\! touch evil' AS c \\gset\n\\echo :a :c\n\\o :b\nSELECT 1;\n\\o\nSELECT :'a', :'c';\n",
    });
    const { stderr } = await work.pqrun(['main.sql']);
    expect(existsSync(join(work.directory, 'evil')), stderr).toBe(false);
  });
});

test('in a branch that is known not to be taken it is passed over, as psql does', async ({
  likePsql,
  work,
}) => {
  await likePsql({ 'main.sql': '\\if false\n\\! touch evil\n\\echo `touch evil`\n\\endif\nSELECT 1;\n' });
  expect(existsSync(join(work.directory, 'evil'))).toBe(false);
});

test('COPY … PROGRAM is the server’s business', async ({ work, database }) => {
  work.write({ 'main.sql': "CREATE TABLE t (v text);\nCOPY t FROM PROGRAM 'echo of the server';\n" });
  expect((await work.pqrun(['main.sql'])).status).toBe(0);
  expect(await database.query('SELECT v FROM t')).toEqual([{ v: 'of the server' }]);
});
