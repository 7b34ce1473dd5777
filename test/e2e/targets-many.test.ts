import { describe, expect } from 'vitest';
import { backends, type TestDatabase } from '../database.js';
import { test } from './pqrun.js';
import { dsnOf, eventsOf, makeTargets, mostConnections, targetArgs } from './targets-rig.js';

/** Where a run over many databases goes to: schemas, a query's answer, a manifest; and over how many connections. */

const TENANTS = Array.from({ length: 64 }, (_, n) => `tenant_${String(n + 1).padStart(2, '0')}`);
const EACH = ['--each-schema', String.raw`tenant\_%`];
const MIGRATION = `
  ALTER TABLE t ADD COLUMN w text;
  UPDATE t SET w = v || ' of ' || :'target';
  CREATE INDEX ON t (w);
  INSERT INTO t SELECT 4, v, w FROM t WHERE id = 1;
`;

async function tenants(database: TestDatabase): Promise<void> {
  await makeTargets(database, TENANTS);
  await database.query(`CREATE SCHEMA tenantless`);
}

const MIGRATED = TENANTS.map((name) => ({ target: name, rows: 4, first: `${name}1 of ${name}` }));
const LOOK = 'SELECT count(*)::int AS rows, min(w) AS first FROM t';

describe('64 schemas', () => {
  test.for([
    ['one connection each', ['-j1'], 64],
    ['eight connections in all', ['-j4', '--max-connections', '8'], 8],
    ['one connection in all', ['--max-connections', '1'], 1],
  ] as const)('are migrated and asked over %s', async ([, options, most], { work, database }) => {
    await tenants(database);
    work.write({ 'migration.sql': MIGRATION, 'look.sql': LOOK });
    const args = [...EACH, ...options, '--with-target', '--format', 'json', '--events', 'events.ndjson'];
    const { status, stdout, stderr } = await work.pqrun(['migration.sql', 'look.sql', ...args]);
    expect([status, stderr.includes('warning')]).toEqual([0, false]);
    expect(JSON.parse(stdout)).toEqual(MIGRATED);
    const events = eventsOf(work);
    expect(mostConnections(events)).toBeLessThanOrEqual(most);
    expect(
      new Set(events.flatMap(({ type, target }) => (type === 'job-finished' ? (target ?? []) : []))),
    ).toEqual(new Set(TENANTS));
    expect(stderr).toContain('targets   all 64: everything done');
    expect(await backends(database.name)).toEqual([]);
  });

  test('take turns where the server has too few connections', async ({ work, database }) => {
    await tenants(database);
    const role = `few_${database.name}`;
    await database.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 6; GRANT pg_read_all_data TO ${role}`,
    );
    try {
      const env = { PGUSER: role, PGPASSWORD: 'x' };
      const named = TENANTS.flatMap((name) => ['--target', `${name}=${database.name}`]);
      for (const [targets, sql] of [
        [EACH, 'SELECT count(*) FROM t'],
        [named, 'SELECT 3'],
      ] as const) {
        const args = [...targets, '-c', sql, '-At', '-j1'];
        const { status, stdout, stderr } = await work.pqrun(args, { env });
        expect([status, stdout]).toEqual([0, '3\n'.repeat(64)]);
        expect(stderr).toMatch(/warning: the server has only \d+ of the 64 connection slots/);
        expect(stderr).not.toContain('could not be opened');
      }
    } finally {
      await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  }, 60_000);
});

describe('targets', () => {
  test('are what a query says', async ({ work, database }) => {
    await makeTargets(database);
    const dsns = ['c', 'a'].map((name) => `('${name}', '${dsnOf(database, name)}')`).join(', ');
    const sql = `SELECT name, dsn FROM (VALUES ${dsns}) AS shard(name, dsn)`;
    const { status, stdout } = await work.pqrun([
      ...['--targets-from', sql],
      ...['-c', 'SELECT v FROM t WHERE id = 1', '--csv', '--with-target'],
    ]);
    expect([status, stdout]).toEqual([0, 'target,v\nc,c1\na,a1\n']);
  });

  test('are names of databases on one server', async ({ work, database }) => {
    const args = ['--target', `x=${database.name}`, '-c', 'SELECT current_database() AS d', '--csv'];
    expect((await work.pqrun(args)).stdout).toBe(`d\n${database.name}\n`);
  });

  test.for(['first', 'last'])('may not be there: the %s', async (which, { work, database }) => {
    const [gone, there] = [
      ['--target', 'gone=no_such_database'],
      ['--target', `there=${database.name}`],
    ];
    const targets = which === 'first' ? [...gone, ...there] : [...there, ...gone];
    const args = ['-c', 'SELECT 1 AS x', '-At', ...targets];
    const [all, some] = await Promise.all([work.pqrun(args), work.pqrun([...args, '-k'])]);
    expect([all.status, all.stdout, some.status, some.stdout]).toEqual([2, '', 3, '1\n']);
    expect(all.stderr).toMatch(/cannot connect: target gone: .*no_such_database/);
    expect(some.stderr).toContain('gone: 0 jobs done, 1 skipped');
  });

  test('stand in a manifest, unless the command line names others', async ({ work, database }) => {
    await makeTargets(database);
    const lines = ['a', 'b'].map((name) => `  ${name}: "${dsnOf(database, name)}"`);
    work.write({
      'pqrun.yaml': `targets:\n${lines.join('\n')}\nstages:\n  - files: "*.sql"\n`,
      'q.sql': 'SELECT v FROM t WHERE id = 1',
    });
    const args = ['pqrun.yaml', '--csv', '--with-target'];
    expect((await work.pqrun(args)).stdout).toBe('target,v\na,a1\nb,b1\n');
    expect((await work.pqrun([...args, ...targetArgs(database, ['c'])])).stdout).toBe('target,v\nc,c1\n');
  });

  test('are asked for the values of a split: the first', async ({ work, database }) => {
    await makeTargets(database);
    work.write({ 'q.sql': `-- pqrun: split values="SELECT v FROM t ORDER BY v"\nSELECT :'value' AS v;\n` });
    const { status, stdout } = await work.pqrun(['q.sql', '--each-schema', '_', '-At']);
    expect([status, stdout.trim().split('\n')]).toEqual([0, ['a1', 'a2', 'a3'].flatMap((v) => [v, v, v])]);
  });

  test('are told by the plan', async ({ work, database }) => {
    await makeTargets(database);
    work.write({
      'q.sql': `-- pqrun: split rows=1 over=targets\nINSERT INTO t SELECT :lo;\n\\if :target_index\nSELECT 1;\n\\endif\nSELECT 2;\n`,
    });
    const { stdout } = await work.pqrun([
      'plan',
      'q.sql',
      ...targetArgs(database, ['a', 'b']),
      '-j2',
      '--order',
      'sequential',
    ]);
    expect(stdout).toBe(`    0  q.sql:2  split into 1 piece of 1 rows, dealt out to 1 target
    2  q.sql:4  1 statement, on b
    3  q.sql:6  1 statement
         after q.sql:2 (written order)
4 jobs of 3 statements in 1 script, on 2 targets (a, b), over at most 4 connections
3 edges; up to 2 jobs side by side
critical path: 2 of 4 jobs, 50 % of the work: at most 2.00x as fast as one after another
  q.sql:2, q.sql:6
the critical path is sequential only because of
  written order: 1 of 1 step
    another --order lets more of it overlap
`);
  });
});

describe('faults', () => {
  const nothing = ['-c', 'SELECT 1'];

  test.for([
    [
      'two kinds',
      ['--target', 'a=x', '--each-schema', 'y'],
      '--target and --each-schema both say where to go',
    ],
    [
      'two kinds',
      ['--targets-from', 'SELECT 1', '--each-schema', 'y'],
      '--targets-from and --each-schema both',
    ],
    ['--embedded', ['--target', 'a=x', '--embedded'], '--target and --embedded both say where to go'],
    ['a name twice', ['--target', 'a=x', '--target', 'a=y'], 'two targets have the name “a”'],
    ['no name', ['--target', 'postgresql://u:secret@h/d'], 'Write it as NAME=DSN'],
    ['no such schema', ['--each-schema', 'nothing%'], 'no schema is like “nothing%”'],
    ['a bad DSN', ['--target', 'a=postgresql://u:secret@h:port/d'], 'target a: '],
    ['a bad query', ['--targets-from', 'SELECT nothing'], '--targets-from: column "nothing" does not exist'],
    [
      'two queries',
      ['--targets-from', 'SELECT 1; SELECT 2'],
      '--targets-from: cannot insert multiple commands',
    ],
    ['one column', ['--targets-from', "SELECT 'a'"], 'a name or a DSN is missing, empty or NULL'],
    ['NULL', ['--targets-from', "SELECT 'a', NULL"], 'a name or a DSN is missing, empty or NULL'],
    ['no row', ['--targets-from', "SELECT 'a', 'b' WHERE false"], '--targets-from gives no row'],
    ['a name twice', ['--targets-from', "VALUES ('a', 'x'), ('a', 'y')"], 'two targets have the name “a”'],
    ['a DSN that is none', ['--targets-from', "SELECT 'a', 'nonsense=1'"], 'target a: '],
    ['--first', ['--first'], '--first is for runs over several databases'],
    ['--first', ['--first', '--target', 'a=x', '-o', 'DIR/'], '--first gives one row'],
    ['--with-target', ['--with-target'], '--with-target: the database has no name'],
  ] as const)('are told, and nothing is run: %s: %j', async ([, args, message], { work }) => {
    const { status, stdout, stderr } = await work.pqrun([...args, ...nothing]);
    expect(stderr).toContain(message);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).not.toContain('secret');
  });
});
