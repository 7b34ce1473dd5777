import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject } from 'vitest';
import { test as base, type Finished, type StartOptions, type Workplace } from './pqrun.js';
import type { TestDatabase } from '../database.js';

/**
 * A password leaves nothing behind: neither in what a run prints, nor in its files, nor on the server, nor where others of this machine
 * look, whichever way it came and however the run ends.
 */

const MARKER = 'm4rk3r-of-a-secret';
const ROLE = 'keeper_of_a_secret';

async function asSuperuser(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ ...inject('server'), ssl: false });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

beforeAll(async () => {
  await asSuperuser(
    `DROP ROLE IF EXISTS ${ROLE}`,
    `CREATE ROLE ${ROLE} SUPERUSER LOGIN PASSWORD '${MARKER}'`,
  );
});
afterAll(async () => {
  await asSuperuser(`DROP ROLE ${ROLE}`);
});

/** Arguments and surroundings that lead to the database with the marker as password, by the way that it takes. */
type Ways = Readonly<Record<string, { readonly args: readonly string[]; readonly env: StartOptions['env'] }>>;

function waysTo({ env }: TestDatabase, work: Workplace): Ways {
  const { PGHOST, PGPORT, PGDATABASE } = env;
  const place = { PGHOST, PGPORT, PGDATABASE, PGUSER: ROLE, PGPASSWORD: undefined };
  const uri = `postgresql://${ROLE}:${MARKER}@${PGHOST}:${PGPORT}/${PGDATABASE}`;
  const conninfo = `host=${PGHOST} port=${PGPORT} user=${ROLE} dbname=${PGDATABASE} password=${MARKER}`;
  const nowhere = { PGHOST: undefined, PGPORT: undefined, PGUSER: undefined, PGPASSWORD: undefined };
  writePasswordFile(work, MARKER);
  return {
    PGPASSWORD: { args: [], env: { ...place, PGPASSWORD: MARKER } },
    'the password file': { args: [], env: { ...place, PGPASSFILE: join(work.directory, 'passwords') } },
    DATABASE_URL: { args: [], env: { ...nowhere, DATABASE_URL: uri } },
    'a URI of -d': { args: ['-d', uri], env: nowhere },
    'a conninfo string of -d': { args: ['-d', conninfo], env: nowhere },
    'a URI of --target': { args: ['--target', `one=${uri}`], env: nowhere },
    'a URI of --targets-from': {
      args: ['--targets-from', "SELECT 'one', u FROM uris"],
      env: { ...place, PGPASSWORD: MARKER },
    },
  };
}

function writePasswordFile(work: Workplace, password: string): void {
  work.write({ passwords: `*:*:*:${ROLE}:${password}\n` });
  chmodSync(join(work.directory, 'passwords'), 0o600);
}

const test = base.extend<{ cache: string }>({
  // eslint-disable-next-line no-empty-pattern
  cache: async ({}, use) => {
    const cache = mkdtempSync(join(tmpdir(), 'pqrun-cache-'));
    await use(cache);
    rmSync(cache, { recursive: true });
  },
});

/** Fails and warns in as many ways as there are, and says what it was connected with. */
const SCRIPTS = {
  'build/1-tables.sql': 'CREATE TABLE t (id int PRIMARY KEY);\nSELECT pg_advisory_lock(77);\n',
  'build/2-notice.sql':
    "DO $$ BEGIN RAISE NOTICE 'told'; END $$;\n-- pqrun: split rows=4\nINSERT INTO t SELECT generate_series(:lo, :hi);\n",
};
const FAILING = {
  'fails/1.sql': 'SELECT 1/0;\n',
  'fails/2.sql': "SELECT 'a' AS a \\gset\n\\connect nowhere\n",
  'fails/3.sql': `ALTER ROLE nobody_at_all PASSWORD '${MARKER}';\n`,
  'wrong/1.sql': `ALTER ROLE ${ROLE} PASSWORD '${MARKER}' NONSENSE;\n`,
};

/** All texts below a directory, by their paths; not those that the test wrote itself. */
function textsBelow(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .filter((name) => name !== 'passwords' && !/^(fails|wrong)\//.test(name))
    .map((name) => [name, readFileSync(join(directory, name), 'latin1')] as const);
}

function keepsSecret({ stdout, stderr }: Finished): void {
  expect(stdout).not.toContain(MARKER);
  expect(stderr).not.toContain(MARKER);
}

describe('a password that came by', () => {
  for (const way of [
    'PGPASSWORD',
    'the password file',
    'DATABASE_URL',
    'a URI of -d',
    'a conninfo string of -d',
    'a URI of --target',
    'a URI of --targets-from',
  ]) {
    test(`${way} is nowhere to be seen`, async ({ work, database, cache }) => {
      const { args, env } = waysTo(database, work)[way] ?? { args: [], env: {} };
      work.write({ ...SCRIPTS, ...FAILING });
      await database.query('CREATE TABLE uris (u text)');
      await database.query('INSERT INTO uris VALUES ($1)', [
        `postgresql://${ROLE}:${MARKER}@${database.env.PGHOST}:${database.env.PGPORT}/${database.name}`,
      ]);
      const holder = new pg.Client({ connectionString: database.url, ssl: false });
      await holder.connect();
      await holder.query('SELECT pg_advisory_lock(77)');
      const own = { ...env, XDG_CACHE_HOME: cache };
      const run = work.start(
        [
          'build',
          ...args,
          '-j',
          '2',
          '--journal',
          '--events',
          'events.ndjson',
          '--insights',
          '-o',
          'results.txt',
        ],
        { env: own },
      );
      await expect.poll(() => database.query(WAITING), { timeout: 20_000 }).toHaveLength(1);
      const seen = [
        readFileSync(`/proc/${String(run.process.pid)}/cmdline`, 'latin1'),
        JSON.stringify(await database.query(SESSIONS)),
      ];
      await holder.end();
      const finished = await run.finished;
      expect(finished.status, finished.stderr).toBe(0);
      keepsSecret(finished);
      expect(seen.filter((text) => text.includes(MARKER))).toEqual([]);
      const journal = await database.query('SELECT * FROM pqrun.run, pqrun.job');
      expect(journal.length).toBeGreaterThan(0);
      expect(JSON.stringify(journal)).not.toContain(MARKER);

      const [refused, done, failed] = [1, 0, 3];
      const ofOne = way.includes('target') ? [] : OF_ONE_DATABASE;
      for (const [status, ...more] of [
        [failed, 'fails', '-k', '-j', '2', '--events', 'failing.ndjson', '--journal', '--run', 'failing'],
        [refused, 'wrong'],
        [done, 'plan', 'build', 'fails', '--format', 'json'],
        [done, 'build', 'fails', '--dry-run'],
        [done, 'plan', 'fails', '--format', 'dot'],
        [2, '-c', 'SELECT 1', '--set', 'work_mem=nonsense'],
        ...ofOne,
      ] as const) {
        const ended = await work.pqrun([...more, ...args], { env: own });
        expect(ended.status, `${more.join(' ')}: ${ended.stderr}`).toBe(status);
        keepsSecret(ended);
      }
      const left = [...textsBelow(work.directory), ...textsBelow(cache)];
      expect(left.map(([name]) => name)).toEqual(
        expect.arrayContaining(['events.ndjson', 'failing.ndjson', 'results.txt']),
      );
      expect(left.filter(([, text]) => text.includes(MARKER)).map(([name]) => name)).toEqual([]);
    });
  }
});

const OF_ONE_DATABASE = [
  [0, 'journal', 'list'],
  [0, 'journal', 'export', 'build', '--format', 'json'],
  [0, 'check', 'build', '-j', '2'],
  [0, 'explain', 'build', '--format', 'json'],
] as const;

const WAITING = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted`;
const SESSIONS = "SELECT * FROM pg_stat_activity WHERE application_name LIKE 'pqrun%'";

test('a wrong one is not repeated, whichever way it came', async ({ work, database }) => {
  const wrong = `${MARKER}-wrong`;
  for (const [way, { args, env = {} }] of Object.entries(waysTo(database, work))) {
    const swap = (text: string): string => text.replaceAll(MARKER, wrong);
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value && swap(value)]));
    writePasswordFile(work, wrong);
    const finished = await work.pqrun(['-c', 'SELECT 1', ...args.map(swap)], { env: own });
    expect(finished.status, way).toBe(2);
    keepsSecret(finished);
  }
});

test('one in a script, a variable or a message of the server is masked where statements are told', async ({
  work,
}) => {
  work.write({
    '1.sql': `CREATE ROLE :"name" PASSWORD :'secret';\nALTER ROLE nobody_at_all PASSWORD '${MARKER}';\n`,
  });
  const finished = await work.pqrun([
    '1.sql',
    '-k',
    '-v',
    `secret=${MARKER}`,
    '-v',
    'name=postgres',
    '--events',
    'events.ndjson',
    '--insights',
  ]);
  expect(finished.status).toBe(3);
  keepsSecret(finished);
  expect(readFileSync(join(work.directory, 'events.ndjson'), 'utf8')).not.toContain(MARKER);
});

test('one in a connection string that cannot be read is masked', async ({ work }) => {
  for (const uri of [
    `postgresql://me:${MARKER}@host:noport/x`,
    `postgresql://me:${MARKER}@[::1/x`,
    `postgresql://me:${MARKER}%zz@host/x`,
    `postgresql://me@host/x?password=${MARKER}&nonsense=1`,
    `host=x password=${MARKER} nonsense=1`,
    `host=x password='${MARKER}`,
  ])
    for (const args of [
      ['-d', uri],
      ['--target', `one=${uri}`],
      ['--targets-from', `SELECT '${uri}' NONSENSE`],
    ]) {
      const finished = await work.pqrun(['-c', 'SELECT 1', ...args]);
      expect(finished.status, args.join(' ')).toBe(1);
      keepsSecret(finished);
    }
});
