import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { backends } from '../database.js';
import { test } from './psql.js';

/** Statements that are run once for each record of a file, a list or a query, on a real server. */

const AWKWARD: readonly (string | null)[] = [
  "O'Neill",
  "'; DROP TABLE t; --",
  "\\'; DROP TABLE t; --",
  'back\\slash \\n \\\\',
  'two\nlines\r\n',
  'größe 😀 \u200b',
  '"quoted", with a comma',
  '$$ $1 :id %s',
  ' ',
  '',
  null,
];

function csvOf(rows: readonly (readonly (string | null)[])[]): string {
  const written = (value: string | null): string =>
    value === null ? '' : `"${value.replaceAll('"', '""')}"`;
  return rows.map((row) => `${row.map(written).join(',')}\r\n`).join('');
}

const RECORDS = AWKWARD.map((value, index) => [String(index), value] as const);
const EXPECTED = AWKWARD.map((v, n) => ({ n, v }));

describe('split each=', () => {
  test('brings any value to the server as it is', async ({ work, database }) => {
    await database.query('CREATE TABLE t (way text, n int, v text)');
    const objects = RECORDS.map(([n, v]) => ({ n: Number(n), v }));
    work.write({
      'in/p.csv': `\ufeffn,v\r\n${csvOf(RECORDS)}`,
      'in/p.json': JSON.stringify(objects, undefined, 1),
      'in/p.ndjson': objects.map((object) => `${JSON.stringify(object)}\n`).join(''),
      'in/a.sql': ['csv', 'json', 'ndjson']
        .flatMap((way) => [
          `-- pqrun: split each=p.${way}\nINSERT INTO t VALUES ('${way}', :n, :'v');`,
          `-- pqrun: split each=p.${way} bind\nINSERT INTO t VALUES ('${way} bound', $1, $2);`,
        ])
        .join('\n'),
    });
    const { status, stderr } = await work.pqrun(['in/a.sql', '-j', '3']);
    expect(stderr).toContain('in/a.sql:2 [11 records]');
    expect(status).toBe(0);
    for (const way of ['csv', 'json', 'ndjson'].flatMap((name) => [name, `${name} bound`]))
      expect(await database.query('SELECT n, v FROM t WHERE way = $1 ORDER BY n', [way]), way).toEqual(
        EXPECTED,
      );
    expect(await backends(database.name)).toEqual([]);
  });

  test('is what psql does with the same variables', async ({ likePsql }) => {
    const script = `-- pqrun: split each=p.csv
SELECT :'v' AS "literal", :n + 1 AS "plain", :{?v} AS "known", "column" AS :"v" FROM (SELECT 2 AS "column") AS t;
`;
    // Nothing is called "", and psql has no NULL. Its command line is no place for a carriage return.
    const values = AWKWARD.flatMap((value) =>
      value === null || value === '' ? [] : value.replace('\r', ''),
    );
    for (const [index, v] of values.entries())
      await likePsql(
        { 'a.sql': script, 'p.csv': `n,v\n${csvOf([[String(index), v]])}` },
        { args: ['-A', '-v', `n=${index}`, '-v', `v=${v}`] },
      );
  });

  test('names the record that fails, and the others are done', async ({ work, database }) => {
    await database.query('CREATE TABLE t (n int PRIMARY KEY, d date)');
    work.write({
      'p.csv': 'n,d\n1,2024-01-01\n2,2024-02-30\n3,\n',
      'a.sql': "-- pqrun: split each=p.csv\nINSERT INTO t VALUES (:n, :'d');\n",
      'b.sql': '-- pqrun: split each=p.csv bind\nINSERT INTO t VALUES ($1 + 10, $2);\n',
    });
    const { status, stderr } = await work.pqrun(['a.sql', 'b.sql', '-k', '-j', '1']);
    expect(status).toBe(3);
    expect(stderr).toContain(
      'a.sql:2:27: ERROR:  date/time field value out of range: "2024-02-30" (SQLSTATE 22008)',
    );
    expect(stderr).toContain(
      'b.sql:2:1: ERROR:  date/time field value out of range: "2024-02-30" (SQLSTATE 22008)',
    );
    expect(stderr.match(/in record 2 of 3 \(p\.csv:3\)/g)).toHaveLength(2);
    expect(stderr).toContain("PARAMETERS:  $1 = '2', $2 = '2024-02-30'");
    const rows = await database.query('SELECT n, d::text FROM t ORDER BY n');
    expect(rows).toEqual([
      ...[
        { n: 1, d: '2024-01-01' },
        { n: 3, d: null },
      ],
      ...[
        { n: 11, d: '2024-01-01' },
        { n: 13, d: null },
      ],
    ]);
  });

  test('runs nothing where a file is broken', async ({ work, database }) => {
    work.write({
      'sql/p.csv': 'n,v\n1,2\n2\n',
      'sql/a.sql': 'CREATE TABLE t ();\n-- pqrun: split each=p.csv\nSELECT :n;\n',
    });
    const { status, stderr } = await work.pqrun(['sql/a.sql']);
    expect(status).toBe(1);
    expect(stderr).toContain('sql/p.csv:3:1: error: this record has 1 value, and the header 2 columns');
    expect(stderr).toContain('sql/a.sql:2');
    expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });
});

describe('split values=', () => {
  test('takes the rows of a query, before the run, over its target', async ({ work, database }) => {
    await database.query(
      'CREATE TABLE parts AS SELECT n, $$t $$ || n AS name FROM generate_series(1, 3) AS n',
    );
    const query = `-- pqrun: split values="SELECT name, n, NULL AS nothing FROM parts ORDER BY n"`;
    work.write({
      'a.sql': `DELETE FROM parts;\n${query}\nCREATE TABLE IF NOT EXISTS unused (:"value" int);\n`,
      'b.sql': `DELETE FROM parts;\n${query}\nSELECT :'value', :n, :'nothing' IS NULL;\n`,
    });
    const refused = await work.pqrun(['a.sql']);
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain('this statement cannot be split');
    const { status, stdout } = await work.pqrun(['b.sql', '-q', '--csv', '-t']);
    expect(stdout).toBe('t 1,1,t\nt 2,2,t\nt 3,3,t\n');
    expect(status).toBe(0);
    expect(await backends(database.name)).toEqual([]);
  });

  test('is planned with the server, and only then', async ({ work, database }) => {
    await database.query('CREATE TABLE t AS SELECT generate_series(1, 4) AS n');
    work.write({
      'a.sql': '-- pqrun: split values="TABLE t"\nSELECT :value;\n',
      'b.sql': '-- pqrun: split values=1,2\nSELECT :value;\n',
    });
    const nowhere = { env: { PGPORT: '1', PGHOST: '127.0.0.1' } };
    const [plan, dry, without, failed, explained] = await Promise.all([
      work.pqrun(['plan', 'a.sql']),
      work.pqrun(['--dry-run', 'a.sql', '-d', database.url], nowhere),
      work.pqrun(['plan', 'b.sql'], nowhere),
      work.pqrun(['plan', 'a.sql'], nowhere),
      work.pqrun(['explain', 'a.sql']),
    ]);
    expect(plan.stdout).toContain('a.sql:2  once a value: 4 values');
    expect(dry.stdout).toContain('a.sql:2  once a value: 4 values');
    expect(without.stdout).toContain('b.sql:2  once a value: 2 values');
    expect([plan, dry, without, failed, explained].map(({ status }) => status)).toEqual([0, 0, 0, 2, 0]);
    expect(failed.stderr).toContain('cannot connect');
    expect(await backends(database.name)).toEqual([]);
  });

  test('fails before anything runs, at the directive, in the words of the server', async ({
    work,
    database,
  }) => {
    work.write({
      'a.sql': 'CREATE TABLE t ();\n-- pqrun: split values="SELECT 1/0"\nSELECT :value;\n',
      'b.sql': 'CREATE TABLE t ();\n-- pqrun: split values="SELECT nextval(\'s\')"\nSELECT :value;\n',
    });
    await database.query('CREATE SEQUENCE s');
    for (const command of ['run', 'plan']) {
      const { status, stderr } = await work.pqrun([command, 'a.sql']);
      expect(status).toBe(1);
      expect(stderr).toContain(
        'a.sql:2:17: error: the query of values= failed: division by zero (SQLSTATE 22012)',
      );
    }
    const { status, stderr } = await work.pqrun(['b.sql']);
    expect(status).toBe(1);
    expect(stderr).toContain('cannot execute nextval() in a read-only transaction');
    expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });

  test('of no rows runs nothing, and says so', async ({ work }) => {
    work.write({ 'a.sql': '-- pqrun: split values="SELECT 1 WHERE false"\nSELECT :value;\nSELECT 2;\n' });
    const { status, stdout, stderr } = await work.pqrun(['a.sql', '--csv', '-t']);
    expect(status).toBe(0);
    expect(stdout).toBe('2\n');
    expect(stderr).toContain('warning: the query of values= gives no rows: the statement is not run');
  });
});

describe('bind', () => {
  test('lets the server find the types', async ({ work }) => {
    work.write({
      'p.json': JSON.stringify([
        { n: 7, d: '2024-02-29', a: '{a,"b c",NULL}', j: { k: [1, 2.5] }, t: '' },
        { n: null, d: null, a: null, j: null, t: null },
      ]),
      'a.sql':
        "-- pqrun: split each=p.json bind\nSELECT $1::int + 1, $2::date + 1, ($3::text[])[2], $4::jsonb -> 'k' -> 1, $5 = '', pg_typeof($1);\n",
    });
    const { status, stdout } = await work.pqrun(['a.sql', '-q', '--csv', '-t']);
    expect(stdout).toBe('8,2024-03-01,b c,2.5,t,integer\n,,,,,integer\n');
    expect(status).toBe(0);
  });

  test('parses once a connection, also in batches, and each record is a transaction', async ({
    work,
    database,
  }) => {
    await database.query(
      'CREATE TABLE t (n int PRIMARY KEY, pid int DEFAULT pg_backend_pid(), x xid8 DEFAULT pg_current_xact_id(), prepared timestamptz)',
    );
    const numbers = Array.from({ length: 2000 }, (_, n) => (n === 1500 ? 3 : n));
    work.write({
      'p.csv': `n\n${numbers.join('\n')}\n`,
      'a.sql':
        "SET work_mem = '77MB';\n-- pqrun: split each=p.csv bind\nINSERT INTO t (n, prepared) SELECT $1, max(prepare_time) FROM pg_prepared_statements WHERE current_setting('work_mem') = '77MB';\n",
    });
    // What looks at the prepared statements of its session has one of its own otherwise.
    const args = ['a.sql', '-j', '2', '-k', '--order', 'none', '--events', 'events.ndjson'];
    const { status, stderr } = await work.pqrun(args);
    expect(status).toBe(3);
    expect(stderr).toContain('in record 1,501 of 2,000 (p.csv:1502)');
    const [counts] = await database.query(
      `SELECT count(*)::int AS rows, count(DISTINCT x)::int AS transactions, count(prepared)::int AS prepared,
              count(DISTINCT pid) = count(DISTINCT (pid, prepared)) FILTER (WHERE prepared IS NOT NULL) AS once FROM t`,
    );
    expect(counts).toMatchObject({ rows: 1999, transactions: 1999, once: true });
    const events = readFileSync(join(work.directory, 'events.ndjson'), 'utf8');
    expect(events.match(/"type":"connection-opened"/g)).toHaveLength(2);
    expect(events.match(/"type":"job-finished"/g)).toHaveLength(2000);
    expect(events.match(/"type":"job-failed"/g)).toHaveLength(1);
  });

  test('is one text a record where variables stand in it too', async ({ work }) => {
    const rows = Array.from({ length: 60 }, (_, n) => `c${n % 30},${n}`);
    work.write({
      'p.csv': `col,n\n${rows.join('\n')}\n`,
      'a.sql': '-- pqrun: split each=p.csv bind\nSELECT $2::int AS :"col" WHERE $1 = :\'col\';\n',
    });
    const { status, stdout } = await work.pqrun(['a.sql', '-q', '--csv', '-j', '2']);
    expect(stdout).toBe(rows.map((row) => `${row.replace(',', '\n')}\n`).join(''));
    expect(status).toBe(0);
  });

  test('goes with a session of its own script, with timeouts, and in other encodings', async ({ work }) => {
    work.write({
      'p.csv': 'v\nä\nö\n',
      'a.sql': `-- pqrun: file session\nCREATE TEMP TABLE t (v text);\n-- pqrun: split each=p.csv bind\nINSERT INTO t VALUES ($1);\nDEALLOCATE ALL;\n-- pqrun: split each=p.csv bind timeout=10s\nINSERT INTO t VALUES ($1);\nSET client_encoding = 'LATIN1';\n-- pqrun: split each=p.csv bind\nINSERT INTO t VALUES ($1);\nSELECT v, count(*) FROM t GROUP BY v ORDER BY v COLLATE "C";\n`,
    });
    const { status, stdout, stderr } = await work.pqrun(['a.sql', '-q', '--csv', '-t']);
    expect(stderr).not.toContain('ERROR');
    expect(status).toBe(0);
    expect(stdout).toBe('ä,3\nö,3\n');
  });

  test('is told by --bind for all splits, or by a manifest', async ({ work }) => {
    const script = '-- pqrun: split values=1,2\nSELECT $1::int;\n-- pqrun: split values=3\nSELECT :value;\n';
    work.write({
      'a.sql': script,
      'm/pqrun.yaml': 'defaults:\n  bind: true\nstages:\n  - files: b.sql\n',
      'm/b.sql': script,
    });
    for (const args of [['a.sql', '--bind'], ['m']]) {
      const { status, stdout } = await work.pqrun([...args, '-q', '--csv', '-t']);
      expect(stdout).toBe('1\n2\n3\n');
      expect(status).toBe(0);
    }
  });

  test('tells an error of the statement for each record, and goes on', async ({ work }) => {
    const numbers = Array.from({ length: 40 }, (_, n) => n);
    work.write({
      'p.csv': `n\n${numbers.join('\n')}\n`,
      'a.sql': '-- pqrun: split each=p.csv bind\nSELECT $1::int FROM nowhere;\nSELECT 1;\n',
    });
    const { status, stdout, stderr } = await work.pqrun(['a.sql', '-k', '-q', '--csv', '-t']);
    expect(status).toBe(3);
    expect(stdout).toBe('1\n');
    expect(stderr.match(/relation "nowhere" does not exist/g)?.length).toBeGreaterThanOrEqual(40);
    expect(stderr).toContain('a.sql:2:21: ERROR:  relation "nowhere" does not exist (SQLSTATE 42P01)');
  });
});
