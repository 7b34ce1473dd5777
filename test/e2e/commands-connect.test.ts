import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { contents, test } from './psql.js';
import { createDatabase } from '../database.js';

/** `\connect`: to another database and back, as another user, and when it fails. */

test('to another database and back', async ({ work, database }) => {
  const other = await createDatabase();
  try {
    work.write({
      'main.sql': `CREATE TABLE here (n int);
SET search_path = pg_catalog;
\\set home :DBNAME
\\c ${other.name}
\\echo :DBNAME
SHOW search_path;
CREATE TABLE there (n int);
\\connect :"home"
INSERT INTO here VALUES (1);
SELECT current_database() = :'home' AS home;
`,
    });
    const { status, stdout, stderr } = await work.pqrun(['-A', '-t', 'main.sql']);
    expect(stderr).not.toContain('ERROR');
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${other.name}\n"$user", public\nt\n` });
    expect(await contents(other)).toEqual({ 'public.there': [] });
    expect(await contents(database)).toEqual({ 'public.here': ['(1)'] });
  } finally {
    await other.drop();
  }
});

test('without an argument begins a new session', async ({ likePsql }) => {
  await likePsql({ 'main.sql': '\\c\nSELECT 1;\n\\c -\nSELECT 2;\n\\c - - - -\nSELECT 3;\n' });
});

test('leaves nothing behind for the script that follows', async ({ work, database }) => {
  const other = await createDatabase();
  try {
    work.write({
      '1.sql': `\\c ${other.name}\nSELECT 1;\n`,
      '2.sql': 'CREATE TABLE t AS SELECT current_database() AS d;\n',
    });
    expect((await work.pqrun(['1.sql', '2.sql', '-j', '1'])).status).toBe(0);
    expect(await contents(database)).toEqual({ 'public.t': [`(${database.name})`] });
    expect(await contents(other)).toEqual({});
  } finally {
    await other.drop();
  }
});

test('as another user, with the password of the connection string', async ({ work, database }) => {
  const role = `role_${randomBytes(6).toString('hex')}`;
  await database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  try {
    const { PGHOST, PGPORT } = database.env;
    work.write({
      'main.sql': `\\c - ${role}\nSELECT 1;\n`,
      'string.sql': `\\c 'host=${PGHOST} port=${PGPORT} dbname=${database.name} user=${role} password=secret'\nSELECT session_user = '${role}' AS same, :'USER' = session_user AS told;\n`,
    });
    const env = { PGPASSFILE: '/nonexistent' };
    const string = await work.pqrun(['-A', '-t', 'string.sql'], { env });
    expect(string.stderr).not.toContain('ERROR');
    expect(string).toMatchObject({ status: 0, stdout: 't|t\n' });
    // PGPASSWORD is the wrong one for it.
    const plain = await work.pqrun(['main.sql'], { env });
    expect(plain.stderr).toContain('main.sql:1:1');
    expect(plain.stderr).toContain(role);
    expect(plain.status).not.toBe(0);
  } finally {
    await database.query(`DROP ROLE ${role}`);
  }
});

test('that fails ends the script, and is told at its place', async ({ likePsql, work, database }) => {
  work.write({ 'main.sql': 'CREATE TABLE t (n int);\n\\c not_there\nCREATE TABLE u (n int);\n' });
  const { status, stderr } = await work.pqrun(['main.sql']);
  expect(status).toBe(3);
  expect(stderr).toContain('main.sql:2:1');
  expect(stderr).toContain('"not_there" does not exist');
  expect(await contents(database)).toEqual({ 'public.t': [] });
  await database.query('DROP TABLE t');
  await likePsql(
    { 'main.sql': 'CREATE TABLE t (n int);\n\\c not_there\nCREATE TABLE u (n int);\n' },
    { status: 3 },
  );
});
