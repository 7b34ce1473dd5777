/**
 * pqrun restores what pg_dump and pg_dumpall write exactly as psql does: the restored database is dumped again, and
 * the two dumps are compared byte for byte.
 *
 * The server is Debian's, because pg_dump goes with it. PQRUN_ORACLE=psql checks the tests themselves, with psql in
 * pqrun's place (see test/dumps/restore.ts).
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDebianServer, type DebianServer } from '../debian-server.js';
import { dump, firstDifference, withSortedRows, type DumpForm } from '../dumps/dump.js';
import { administer, createDatabase, psql, quoted, type Database } from '../dumps/program.js';
import { restoreWithPsql, restoreWithTested } from '../dumps/restore.js';

const SCRIPTS = resolve(import.meta.dirname, '../dumps');
const JOBS = [1, 4] as const;
const AWKWARD_NAME = `every "Object"; it's a\\b :name = ü`;
const ROLES: DumpForm = { program: 'pg_dumpall', args: ['--roles-only'] };
const CLUSTER: DumpForm = { program: 'pg_dumpall' };

let server: DebianServer;
let directory: string;
let original: Database;
let latin: Database;
/** What pg_dump makes of the original. */
let expected: Buffer;
/** Files of dumps that are made before the tests fill the cluster with databases. */
let [roles, globals, cluster] = ['', '', ''];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pqrun-dumps-'));
  server = await startDebianServer();
  original = await createDatabase(server, 'every_object');
  await psql(original, ['-f', join(SCRIPTS, 'every-object.sql')]);
  latin = await createDatabase(server, 'latin');
  await psql(latin, ['-f', join(SCRIPTS, 'latin1.sql')]);
  expected = await dump(original);
  roles = await dumpedTo(original, ROLES);
  globals = await dumpedTo(original, { program: 'pg_dumpall', args: ['--globals-only'] });
  cluster = await dumpedTo(original, CLUSTER);
});

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true });
});

let counter = 0;

/** A name that no test has used. Databases are left for the server to take with it: some hold subscriptions. */
function freshName(): string {
  counter += 1;
  return `restored_${counter}`;
}

function fresh(): Promise<Database> {
  return createDatabase(server, freshName());
}

async function dumpedTo(database: Database, form: DumpForm): Promise<string> {
  const file = join(directory, `${freshName()}.sql`);
  writeFileSync(file, await dump(database, form));
  return file;
}

/** Dumps of the whole database that go into an empty one. */
const WHOLE: Readonly<Record<string, DumpForm>> = {
  plain: {},
  'as INSERTs': { args: ['--inserts'] },
  'as INSERTs with columns, 50 rows each': { args: ['--column-inserts', '--rows-per-insert=50'] },
  'as INSERTs that skip conflicts': { args: ['--inserts', '--on-conflict-do-nothing'] },
  'without dollar quoting': { args: ['--disable-dollar-quoting'] },
  'with every name quoted': { args: ['--quote-all-identifiers'] },
  'with rows that go through the root of the partitions': { args: ['--load-via-partition-root'] },
  'with remarks of pg_dump': { args: ['--verbose'] },
  'where backslashes escape': { env: { PGOPTIONS: '-c standard_conforming_strings=off' } },
};

describe.each(JOBS)('restored with --jobs %i', (jobs) => {
  const restore = (into: Database, ...files: readonly string[]): Promise<void> =>
    restoreWithTested({ files, into, jobs });

  const expectOriginal = async (restored: Database): Promise<void> => {
    // Over several connections single INSERTs of a table come in any physical order.
    const compared = jobs === 1 ? (dumped: Buffer) => dumped : withSortedRows;
    expect(firstDifference(compared(expected), compared(await dump(restored)))).toBeUndefined();
  };

  test.each(Object.entries(WHOLE))('a dump %s', async (_name, form) => {
    const into = await fresh();
    await restore(into, await dumpedTo(original, form));
    await expectOriginal(into);
  });

  test('a dump that takes on the identity of each owner', async () => {
    const file = await dumpedTo(original, { args: ['--use-set-session-authorization'] });
    const [byPsql, into] = [await fresh(), await fresh()];
    // Some rights that the owners need come last in the dump, some never.
    await changeOwners('SUPERUSER');
    try {
      await restoreWithPsql({ files: [file], into: byPsql, jobs });
      await restore(into, file);
    } finally {
      await changeOwners('NOSUPERUSER');
    }
    // Not the original: rights that a superuser grants count as granted by the owner.
    expect(firstDifference(await dump(byPsql), await dump(into))).toBeUndefined();
  });

  test('a dump that first clears away what is there', async () => {
    const into = await fresh();
    await restoreWithPsql({ files: [await dumpedTo(original, {})], into, jobs });
    // Where psql would fail as well: DROP SUBSCRIPTION drops the slot at the publisher, and a partition's primary key
    // does not go before the parent's.
    await psql(into, ['-c', 'ALTER SUBSCRIPTION eo_subscription SET (slot_name = NONE)']);
    await psql(into, ['-c', 'DROP TABLE eo.measured CASCADE']);
    await restore(into, await dumpedTo(original, { args: ['--clean', '--if-exists'] }));
    await expectOriginal(into);
  });

  test.each(['every_object', AWKWARD_NAME])('a dump that creates the database %s', async (name) => {
    const form = { args: ['--create'] };
    const file = await dumpedAs(name, form);
    await onOtherServer(async (other) => {
      await restoreWithPsql({ files: [globals], into: { server: other, name: 'postgres' }, jobs });
      await restore({ server: other, name: 'postgres' }, file);
      expect(firstDifference(readFileSync(file), await dump({ server: other, name }, form))).toBeUndefined();
    });
  });

  test('a dump in three files', async () => {
    const sections = ['pre-data', 'data', 'post-data'];
    const files = await Promise.all(
      sections.map((section) => dumpedTo(original, { args: [`--section=${section}`] })),
    );
    const into = await fresh();
    await restore(into, ...files);
    await expectOriginal(into);
  });

  test('the data alone, with triggers disabled', async () => {
    const schema = await dumpedTo(original, { args: ['--schema-only'] });
    const data = await dumpedTo(original, { args: ['--data-only', '--disable-triggers'] });
    const [byPsql, into] = [await fresh(), await fresh()];
    await restoreWithPsql({ files: [schema, data], into: byPsql, jobs });
    await restore(into, schema);
    await restore(into, data);
    // Not the original: ENABLE TRIGGER ALL, behind the data, also enables the triggers that were disabled.
    expect(firstDifference(await dump(byPsql), await dump(into))).toBeUndefined();
  });

  test('a dump in Latin-1', async () => {
    const into = await fresh();
    await restore(into, await dumpedTo(latin, { args: ['--encoding=LATIN1'] }));
    expect(firstDifference(await dump(latin), await dump(into))).toBeUndefined();
  });

  test.each(['all roles', 'the whole cluster'] as const)('a dump of %s', async (what) => {
    const [file, form] = what === 'all roles' ? [roles, ROLES] : [cluster, CLUSTER];
    await onOtherServer(async (other) => {
      const into = { server: other, name: 'postgres' };
      await restore(into, file);
      const actual = await dump(into, form);
      expect(firstDifference(readFileSync(file), actual)).toBeUndefined();
    });
  });
});

/** Dumps the original under another name. */
async function dumpedAs(name: string, form: DumpForm): Promise<string> {
  const rename = (from: string, to: string): Promise<void> =>
    from === to
      ? Promise.resolve()
      : administer(server, `ALTER DATABASE ${quoted(from)} RENAME TO ${quoted(to)}`);
  await rename(original.name, name);
  try {
    return await dumpedTo({ server, name }, form);
  } finally {
    await rename(name, original.name);
  }
}

/** A fresh cluster, where the names of databases and roles are free. */
async function onOtherServer(test: (other: DebianServer) => Promise<void>): Promise<void> {
  const other = await startDebianServer();
  try {
    await test(other);
  } finally {
    await other.stop();
  }
}

async function changeOwners(attribute: 'SUPERUSER' | 'NOSUPERUSER'): Promise<void> {
  const statements = `SELECT format('ALTER ROLE %I ${attribute}', rolname) FROM pg_roles WHERE rolname LIKE 'eo\\_%'`;
  await administer(
    server,
    `DO $$ DECLARE s text; BEGIN FOR s IN ${statements} LOOP EXECUTE s; END LOOP; END $$`,
  );
}
