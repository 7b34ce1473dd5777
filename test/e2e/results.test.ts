import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { backends } from '../database.js';
import { PROGRAM } from './pqrun.js';
import { test } from './psql.js';

/** How results travel: in order, without loss, into files; psql is the judge where psql can do it too. */

describe('ten thousand queries', () => {
  /** Half are ranges of one index, half of another with a filter. */
  const queries = Array.from({ length: 10_000 }, (_, index) => {
    const place = (index * 104_729) % 190_000;
    return index % 2 === 0
      ? `SELECT id, a, note FROM big WHERE a BETWEEN ${place} AND ${place + 5} ORDER BY id;\n`
      : `SELECT id, b, note FROM big WHERE b = ${place % 1000} AND id < ${place} AND note LIKE '%7' ORDER BY id LIMIT 20;\n`;
  });
  const table = `CREATE TABLE big AS
      SELECT id, (id::bigint * 7919 % 200000)::int AS a, id % 1000 AS b, 'note "' || id AS note FROM generate_series(1, 200000) AS id;
    CREATE INDEX ON big (a); CREATE INDEX ON big (b, id); ANALYZE big`;

  test('give what psql gives, byte for byte, over any number of connections', async ({
    database,
    psqlPlace,
    work,
  }) => {
    await database.query(table);
    work.write({ 'queries.sql': queries.join('') });
    const psql = await psqlPlace.psql(['--csv', '-t', '-f', join(work.directory, 'queries.sql')], {
      env: database.env,
    });
    expect(psql.stdout.split('\n').length).toBeGreaterThan(10_000);
    for (const jobs of ['1', '4', '16']) {
      const args = ['-q', '--csv', '-t', '--order', 'none', '-j', jobs, 'queries.sql'];
      const { status, stdout, stderr } = await work.pqrun(args);
      expect({ status, stderr, same: stdout === psql.stdout }).toEqual({ status: 0, stderr: '', same: true });
    }
  });
});

/** Values that are lost easily; `c` in every row has another. */
const AWKWARD = `CREATE TABLE awkward (n int, c text, b bytea, f float8, i int8, d numeric, o boolean, j json, k jsonb, s text[], m int[][], t timestamptz, u "char");
  INSERT INTO awkward VALUES
    (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, '', '', 'NaN', 9223372036854775807, 1234567890123456789012345678901234567890.50, true, E'{"a":\\n1,\\t"a":2}', '{"ä":"\\"\\\\"}', '{}', '{{1,2},{3,NULL}}', '2024-02-29 12:00:00.123456+02', 'x'),
    (3, E'\\\\N', '\\x00ff5c', '-Infinity', -9223372036854775808, 'NaN', false, '"x"', 'null', ARRAY[NULL,'NULL','','a"b\\c{,}',E'\\n'], '{}', 'infinity', ''),
    (4, E'a\\tb\\nc\\rd\\\\e\\be\\fx\\013', E'\\\\x0a', 1e-300, 0, 0.1, NULL, '[]', '[1.50]', ARRAY['ünïcödé 😀'], '[0:0]={7}', NULL, NULL),
    (5, '\\.', NULL, 'Infinity', 1, 1e30, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (6, 'NULL', NULL, -0.5, 1, -1, NULL, NULL, NULL, NULL, NULL, '-infinity', NULL)`;

describe('values', () => {
  test('in CSV are as psql has them', async ({ likePsql }) => {
    const { pqrun } = await likePsql(
      {
        'q.sql':
          'SELECT * FROM awkward ORDER BY n; SELECT; SELECT FROM awkward; SELECT 1 AS a, 2 AS a, NULL; SELECT 1 WHERE false;',
      },
      { args: ['--csv'], before: AWKWARD },
    );
    expect(pqrun.stdout).toContain('9223372036854775807,1234567890123456789012345678901234567890.50,t');
  });

  test('in TSV are read back by COPY', async ({ database, work }) => {
    await database.query(AWKWARD);
    await database.query('CREATE TABLE again (LIKE awkward)');
    work.write({ 'q.sql': 'SELECT * FROM awkward ORDER BY n;' });
    const { stdout } = await work.pqrun(['-q', '--format', 'tsv', '--no-header', 'q.sql']);
    work.write({ 'load.sql': `COPY again FROM stdin;\n${stdout}\\.\n` });
    expect(await work.pqrun(['-q', 'load.sql'])).toMatchObject({ status: 0, stderr: '' });
    const rows = (table: string): Promise<unknown> =>
      database.query(`SELECT t::text AS row FROM ${table} t ORDER BY n`);
    expect(await rows('again')).toEqual(await rows('awkward'));
  });

  test('in JSON are what they are', async ({ database, work }) => {
    await database.query(AWKWARD);
    const select = 'SELECT c, f, i, d, o, j, k, s, m, t, b FROM awkward ORDER BY n';
    const { stdout } = await work.pqrun([
      '-q',
      '--format',
      'ndjson',
      '-c',
      'SET timezone = UTC',
      '-c',
      select,
    ]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[1]).toContain(
      '"i":9223372036854775807,"d":1234567890123456789012345678901234567890.50,"o":true',
    );
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { c: null, f: null, i: null, d: null, o: null, j: null, k: null, s: null, m: null, t: null, b: null },
      {
        c: '',
        f: 'NaN',
        o: true,
        j: { a: 2 },
        k: { ä: '"\\' },
        s: [],
        m: [
          [1, 2],
          [3, null],
        ],
      },
      { c: '\\N', f: '-Infinity', d: 'NaN', o: false, j: 'x', k: null, m: [], t: 'infinity', b: '\\x00ff5c' },
      { c: 'a\tb\nc\rd\\e\be\fx\v', f: 1e-300, d: 0.1, s: ['ünïcödé 😀'], m: [7], t: null },
      { c: '\\.', f: 'Infinity' },
      { c: 'NULL', f: -0.5, d: -1 },
    ]);
    // A table has no order of its own keys: the array's is the server's.
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ s: [null, 'NULL', '', 'a"b\\c{,}', '\n'] });
    const json = await work.pqrun(['-q', '--format', 'json', '-c', select]);
    expect(JSON.parse(json.stdout)).toHaveLength(6);
  });

  test('COPY TO STDOUT is passed on as it is, however long', async ({ likePsql }) => {
    const text = `SELECT i, repeat(chr(97 + i % 26), i * 37 % 3000) FROM generate_series(1, 5000) AS i`;
    await likePsql({
      'q.sql': `COPY (${text}) TO STDOUT;\nSELECT 1\\; COPY (SELECT 2) TO STDOUT\\; SELECT 3;\nCOPY (SELECT WHERE false) TO STDOUT;\n`,
    });
  });

  test('in other client encodings', async ({ work }) => {
    const encoded = Buffer.from(
      "SET client_encoding = 'LATIN1';\nSELECT '\xe9' AS a, ARRAY['\xfc'] AS b;\n",
      'latin1',
    );
    work.write({ 'latin1.sql': encoded });
    const { stdout } = await work.pqrun(['-q', '--format', 'ndjson', 'latin1.sql']);
    expect(stdout).toBe('{"a":"é","b":["ü"]}\n');
  });
});

describe('JSON is one document', () => {
  test.for([
    ['no results', ['-c', 'SET timezone = UTC'], 0, []],
    ['no rows', ['-c', 'SELECT 1 AS a WHERE false'], 0, []],
    ['no columns', ['-c', 'SELECT'], 0, [{}]],
    ['columns of one name', ['-c', 'SELECT 1 AS a, 2 AS a'], 0, [{ a: 1, a_2: 2 }]],
    [
      'several results, COPY among them',
      ['-c', "SELECT 1 AS a\\; COPY (VALUES ('x'), ('y')) TO STDOUT\\; SELECT 2 AS b"],
      0,
      [{ a: 1 }, 'x', 'y', { b: 2 }],
    ],
    ['a failure', ['--order', 'none', '-j', '1', '-c', 'SELECT 1 AS a', '-c', 'SELECT 1/0'], 3, [{ a: 1 }]],
    [
      'a failure that it goes on behind',
      ['-k', '-c', 'SELECT 1/(3-i) AS a FROM generate_series(1, 5) i', '-c', 'SELECT 2 AS a'],
      3,
      [{ a: 2 }],
    ],
    [
      'a format of the script',
      ['-c', '\\pset format csv\nSELECT 1 AS a;\n\\a\nSELECT 2 AS a \\g (format=html)\n'],
      0,
      [{ a: 1 }, { a: 2 }],
    ],
    [
      'what a script says beside',
      ['-e', '-c', '\\echo a\nSELECT 1 AS a;\n\\qecho b\n\\timing on\nSELECT 2 AS a;'],
      0,
      [{ a: 1 }, { a: 2 }],
    ],
    [
      'a script read while it runs',
      ['-c', 'SELECT 1 AS x \\gset\n\\qecho b\nSELECT :x AS a;'],
      0,
      [{ a: 1 }],
    ],
  ] as const)('with %s', async ([, args, status, expected], { work }) => {
    const run = await work.pqrun(['-q', '--format', 'json', ...args]);
    expect(run).toMatchObject({ status });
    expect(JSON.parse(run.stdout)).toEqual(expected);
  });

  test('after an interrupt', async ({ work, database }) => {
    const running = work.start([
      '--format',
      'json',
      '-j',
      '1',
      '-c',
      'SELECT 1 AS a',
      '-c',
      'SELECT pg_sleep(60)',
    ]);
    await untilActive(database, 'pg_sleep');
    running.process.kill('SIGINT');
    const { status, stdout } = await running.finished;
    expect({ status, read: JSON.parse(stdout) as unknown }).toEqual({ status: 130, read: [{ a: 1 }] });
  });

  test('in a file that the script names', async ({ work }) => {
    work.write({
      'q.sql': '\\o a.json\nSELECT 1 AS a;\nSELECT 2 AS a \\g b.json\nSELECT 3 AS a;\n\\o\nSELECT 4 AS a;\n',
    });
    const { stdout } = await work.pqrun(['-q', '--format', 'json', 'q.sql']);
    expect(JSON.parse(stdout)).toEqual([{ a: 4 }]);
    expect(JSON.parse(readFileSync(join(work.directory, 'a.json'), 'utf8'))).toEqual([{ a: 1 }, { a: 3 }]);
    expect(JSON.parse(readFileSync(join(work.directory, 'b.json'), 'utf8'))).toEqual([{ a: 2 }]);
  });
});

describe('-o DIR', () => {
  const filesIn = (directory: string, below = 'out'): Readonly<Record<string, string>> => {
    const paths = readdirSync(join(directory, below), { recursive: true, withFileTypes: true });
    const files = paths.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      files
        .toSorted()
        .map((path) => [path.slice(join(directory, below).length + 1), readFileSync(path, 'utf8')]),
    );
  };

  test.for(['sequential', 'none'] as const)('writes one file a query, order %s', async (order, { work }) => {
    work.write({
      'in/a/1.sql': 'SELECT 1;\n\\echo said\nSET timezone = UTC;\nSELECT 2;\n',
      'in/b/1.sql': '-- pqrun: split rows=10 into=2\nSELECT :lo, :hi;\nSELECT 3;\n',
      'in/c.sql': 'SELECT 4 AS x \\gset\nSELECT :x;\n\\o other.txt\nSELECT 5;\n\\o\nSELECT 6 WHERE false;\n',
    });
    const args = [
      '-q',
      '--csv',
      '-t',
      '--order',
      order,
      '-o',
      'out/',
      'in',
      '-c',
      'SELECT 7\\; SELECT 8',
      '-',
    ];
    const { status, stdout, stderr } = await work.pqrun(args, { stdin: 'SELECT 9;' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'said\n', stderr: '' });
    const { 'other.txt': other, ...files } = {
      'other.txt': readFileSync(join(work.directory, 'other.txt'), 'utf8'),
      ...filesIn(work.directory),
    };
    expect(other).toBe('5\n');
    expect(files).toEqual({
      'c-1.1.csv': '7\n8\n',
      'in/a/1.1.csv': '1\n',
      'in/a/1.3.csv': '2\n',
      'in/b/1.1-1.csv': '1,5\n',
      'in/b/1.1-2.csv': '6,10\n',
      'in/b/1.2.csv': '3\n',
      'in/c.2.csv': '4\n',
      'in/c.4.csv': '',
      'stdin.1.csv': '9\n',
    });
  });

  test.for([
    ['sequential', '-k'],
    ['none', '-k'],
    ['sequential', '-q'],
  ] as const)(
    'has no file of a failed query, nor half of one: order %s %s',
    async ([order, flag], { work }) => {
      const selects = Array.from({ length: 10 }, (_, index) => `SELECT ${index + 1};\n`);
      selects[5] = "SELECT repeat('x', 1000), 1/(900-i) FROM generate_series(1, 1000) AS i;\n";
      work.write({ 'q.sql': selects.join(''), 'out/q.6.csv': 'old' });
      expect(
        await work.pqrun([flag, '--csv', '-o', 'out', '--order', order, '-j', '2', 'q.sql']),
      ).toMatchObject({ status: 3 });
      const files = filesIn(work.directory);
      expect(files['q.6.csv']).toBe('old');
      expect(Object.keys(files).filter((name) => name.endsWith('.part'))).toEqual([]);
      if (flag === '-k') expect(Object.keys(files)).toHaveLength(10);
    },
  );

  test('a file that cannot be written fails its query, and no other', async ({ work }) => {
    mkdirSync(join(work.directory, 'out/q.3.csv'), { recursive: true });
    work.write({ 'q.sql': Array.from({ length: 9 }, (_, index) => `SELECT ${index};\n`).join('') });
    const run = await work.pqrun(['-k', '-q', '--csv', '-o', 'out', '--order', 'none', 'q.sql']);
    expect(run).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('cannot write out/q.3.csv') as string,
    });
    expect(Object.keys(filesIn(work.directory))).toHaveLength(8);
  });

  test('that cannot be one is told before anything runs', async ({ work, database }) => {
    work.write({ file: '' });
    const run = await work.pqrun(['-o', 'file/out/', '-c', 'CREATE TABLE t ()']);
    expect(run).toMatchObject({ status: 1, stderr: expect.stringContaining('is not a directory') as string });
    expect(await database.query("SELECT to_regclass('t') AS t")).toEqual([{ t: null }]);
  });
});

describe('-o FILE', () => {
  test('takes results, standard output what a script says beside', async ({ work }) => {
    work.write({ 'q.sql': '\\echo said\nSELECT 1;\n\\qecho with results\nSELECT 2;\n' });
    const { status, stdout } = await work.pqrun(['-q', '-e', '--csv', '-t', '-o', 'r.csv', 'q.sql']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'said\nSELECT 1;\nSELECT 2;\n' });
    expect(readFileSync(join(work.directory, 'r.csv'), 'utf8')).toBe('1\nwith results\n2\n');
    expect(readdirSync(work.directory).toSorted()).toEqual(['q.sql', 'r.csv']);
  });

  test('stays as it was when the run fails; what there is is told', async ({ work }) => {
    work.write({ 'r.csv': 'old' });
    const args = ['-q', '--csv', '-t', '-o', 'r.csv', '-c', 'SELECT 1', '-c', 'SELECT 1/0'];
    const { status, stderr } = await work.pqrun(args);
    expect(status).toBe(3);
    expect(stderr).toContain('what there is of them is in r.csv.part\nhint: r.csv is as it was');
    expect(readFileSync(join(work.directory, 'r.csv'), 'utf8')).toBe('old');
    expect(readFileSync(join(work.directory, 'r.csv.part'), 'utf8')).toBe('1\n');
  });

  test('leaves nothing where nothing was run', async ({ work }) => {
    for (const sql of ['SELEC 1', 'SELECT 1/0']) await work.pqrun(['-q', '-o', 'r.csv', '-c', sql]);
    expect(readdirSync(work.directory)).toEqual([]);
  });

  test.for([
    ['nowhere/r.csv', 1, 'cannot write nowhere/r.csv: ENOENT'],
    ['|cat', 1, '-o |cat runs a shell command, which pqrun never does'],
    ['/dev/full', 3, 'the results cannot be written: /dev/full: ENOSPC'],
    ['/dev/null', 0, ''],
  ] as const)('named %s ends with %d', async ([name, status, message], { work }) => {
    const run = await work.pqrun(['-q', '-o', name, '-c', 'SELECT 1']);
    expect(run).toMatchObject({ status, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(readdirSync(work.directory)).toEqual([]);
  });

  test('on a full disk ends the event log early, and not the run', async ({ work }) => {
    const run = await work.pqrun(['--events', '/dev/full', '-c', 'SELECT 1', '-c', 'SELECT 2', '-A', '-t']);
    expect(run).toMatchObject({ status: 0, stdout: '1\n2\n' });
    expect(run.stderr).toContain('the event log "/dev/full" ends early: ENOSPC');
  });

  test.for(['\\o /dev/full\nSELECT 1;', "\\copy (SELECT 1) TO '/dev/full'", 'SELECT 1 \\g /dev/full\n'])(
    'of the script that cannot be written is a failure: %s',
    async (sql, { work }) => {
      const run = await work.pqrun(['-q', '-c', sql]);
      expect(run).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('cannot write /dev/full: ENOSPC') as string,
      });
    },
  );

  test('may be a named pipe, whose reader may go', async ({ work }) => {
    const pipe = join(work.directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const rows = 'SELECT i FROM generate_series(1, 300000) AS i';
    for (const [reader, sql, status] of [
      ['cat', 'SELECT 1', 0],
      ['head -n 1', rows, 141],
    ] as const) {
      const reading = spawn('sh', ['-c', `${reader} < pipe`], { cwd: work.directory });
      let read = '';
      reading.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
      expect(await work.pqrun(['-q', '--csv', '-t', '-o', 'pipe', '-c', sql])).toMatchObject({
        status,
        stderr: '',
      });
      expect(read).toBe('1\n');
    }
  });
});

interface Pulled {
  readonly process: ChildProcess;
  /** Bytes read so far. */
  read(): number;
  /** Most memory so far, in MB. */
  peak(): number;
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>;
}

/** Starts pqrun with a reader that reads nothing until it is told to. */
function pull(
  args: readonly string[],
  { env, directory }: { readonly env: NodeJS.ProcessEnv; readonly directory: string },
): Pulled {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: directory,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [read, stderr, most] = [0, '', 0];
  child.stdout.on('data', (chunk: Buffer) => (read += chunk.length)).pause();
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const peak = (): number => {
    const status = `/proc/${child.pid ?? 0}/status`;
    const [, size = '0'] =
      /VmHWM:\s*(\d+)/.exec(existsSync(status) ? readFileSync(status, 'utf8') : '') ?? [];
    most = Math.max(most, Number(size) / 1024);
    return most;
  };
  const watch = setInterval(peak, 50);
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) => {
    child.on('close', (status) => {
      clearInterval(watch);
      resolve({ status, stderr });
    });
  });
  return { process: child, read: () => read, peak, ended };
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

async function untilActive(database: { readonly name: string }, text: string): Promise<void> {
  for (;;) {
    const sessions = await backends(database.name);
    if (sessions.some(({ state, query }) => state === 'active' && query.includes(text))) return;
    await pause(20);
  }
}

/** MB. The process without any result takes about 110. */
const MOST_MEMORY = 250;

describe('a big result', () => {
  const rows = "SELECT i, repeat('x', 1000) FROM generate_series(1, 300000) AS i";
  const size = 300_000 * 1002 + 1_688_895;

  test('waits for a slow reader in the server, not in memory', async ({ work, database }) => {
    const pulled = pull(['-q', '--csv', '-t', '-c', rows], { env: database.env, directory: work.directory });
    await pause(1500);
    expect(pulled.read()).toBe(0);
    pulled.process.stdout?.resume();
    await pause(200);
    pulled.process.stdout?.pause();
    await pause(500);
    pulled.process.stdout?.resume();
    expect(await pulled.ended).toEqual({ status: 0, stderr: '' });
    expect(pulled.read()).toBe(size);
    expect(pulled.peak()).toBeLessThan(MOST_MEMORY);
  });

  test('waits on disk when a slow query comes first, and nothing is left there', async ({
    work,
    database,
  }) => {
    work.write({ 'q.sql': `SELECT 0 FROM pg_sleep(3);\n${rows};\n` });
    const temporary = mkdtempSync(join(tmpdir(), 'pqrun-spill-'));
    try {
      const args = ['-q', '--csv', '-t', '--order', 'none', '-j', '2', 'q.sql'];
      const env = { ...database.env, TMPDIR: temporary };
      const pulled = pull(args, { env, directory: work.directory });
      pulled.process.stdout?.resume();
      expect(await pulled.ended).toEqual({ status: 0, stderr: '' });
      expect(pulled.read()).toBe(size + 2);
      expect(pulled.peak()).toBeLessThan(MOST_MEMORY);
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      rmSync(temporary, { recursive: true });
    }
  });

  test('fails where there is no room for what must wait', async ({ work, database }) => {
    work.write({ 'q.sql': `SELECT pg_sleep(30);\n${rows};\n`, file: '' });
    const args = ['-q', '--order', 'none', '-j', '2', '--csv', 'q.sql'];
    const run = await work.pqrun(args, { env: { TMPDIR: join(work.directory, 'file') } });
    expect(run).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/the results cannot be written: .*\n.*TMPDIR/) as string,
    });
    expect(await backends(database.name)).toEqual([]);
  });

  test.for([
    ['while the query runs', rows],
    ['when only the reader is missing', "SELECT repeat('x', 1000) FROM generate_series(1, 1000)"],
  ] as const)('can be interrupted though nobody reads: %s', async ([, sql], { work, database }) => {
    const pulled = pull(['-q', '-c', sql], { env: database.env, directory: work.directory });
    const exited = new Promise((resolve) => {
      pulled.process.on('exit', resolve);
    });
    await pause(1500);
    const began = performance.now();
    pulled.process.kill('SIGINT');
    expect(await exited).toBe(130);
    expect(performance.now() - began).toBeLessThan(5000);
    pulled.process.stdout?.resume();
    await pulled.ended;
    expect(await backends(database.name)).toEqual([]);
  });
});

test('--unordered prints what is there first, each result whole', async ({ work, database }) => {
  work.write({ 'q.sql': 'SELECT * FROM held;\nSELECT 2;\n' });
  const args = ['-q', '--csv', '--unordered', '--order', 'none', '-j', '2', 'q.sql'];
  const held = await holdTable(database.url);
  const running = pull(args, { env: database.env, directory: work.directory });
  const first = new Promise((resolve) =>
    running.process.stdout?.once('data', (data: Buffer) => resolve(String(data))),
  );
  running.process.stdout?.resume();
  expect(await first).toBe('?column?\n2\n');
  await held.end();
  expect(await running.ended).toEqual({ status: 0, stderr: '' });
  expect(running.read()).toBe('?column?\n2\none\n1\n'.length);
});

/** A session that keeps everybody from a table until it ends. */
async function holdTable(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('CREATE TABLE held AS SELECT 1 AS one');
  await client.query('BEGIN; LOCK TABLE held');
  return client;
}

describe('a reader who goes', () => {
  test.for([
    ['at once', 0, ['--csv']],
    ['after some output', 200_000, ['--csv']],
    ['at once, of JSON', 0, ['--format', 'json']],
    ['at once, of what is said beside files', 0, ['-e', '-o', 'out/']],
  ] as const)('%s ends the run quietly', async ([, bytes, args], { work, database }) => {
    const sql = Array.from(
      { length: 20 },
      () => "SELECT repeat('x', 1000) FROM generate_series(1, 3000);\n",
    ).join('');
    work.write({ 'q.sql': sql });
    const pulled = pull(['-q', ...args, 'q.sql'], { env: database.env, directory: work.directory });
    const { stdout } = pulled.process;
    if (bytes === 0) stdout?.destroy();
    else stdout?.resume().on('data', () => pulled.read() > bytes && stdout.destroy());
    expect(await pulled.ended).toEqual({ status: 141, stderr: '' });
    expect(await backends(database.name)).toEqual([]);
  });

  test('after the last byte is no failure', async ({ work, database }) => {
    writeFileSync(join(work.directory, 'out'), '');
    const pulled = pull(['-q', '-o', 'out', '-c', 'SELECT 1'], {
      env: database.env,
      directory: work.directory,
    });
    pulled.process.stdout?.destroy();
    expect(await pulled.ended).toEqual({ status: 0, stderr: '' });
  });
});
