import { createServer } from 'node:net';
import { describe, expect } from 'vitest';
import { test, type Workplace } from './pqrun.js';

/**
 * Everything bad that a user can give: the right status, a message that names the place, the cause and the remedy, and
 * a database in which nothing was done.
 */

interface Bad {
  readonly what: string;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly args: readonly string[];
  /** Each must be in standard error. */
  readonly says: readonly (string | RegExp)[];
}

const GOOD = 'CREATE TABLE touched (id int);\n';

const faults: readonly Bad[] = [
  { what: 'nothing to run', args: [], says: ['nothing to run'] },
  {
    what: 'an empty directory',
    files: { 'build/readme.txt': 'no SQL' },
    args: ['build'],
    says: ['build', '*.sql'],
  },
  {
    what: 'a missing path',
    files: { '1.sql': GOOD },
    args: ['1.sql', 'nowhere'],
    says: ['nowhere', /no such/i],
  },
  {
    what: 'a database where the scripts stand',
    files: { '1.sql': GOOD },
    args: ['postgresql://me:secret@db/shop', '1.sql'],
    says: ['postgresql://me:***@db/shop', 'name it with -d'],
  },
  {
    what: 'a file that is not UTF-8',
    files: {
      '1.sql': GOOD,
      '2.sql': Buffer.concat([Buffer.from('SELECT 1;\nSELECT '), Buffer.from([0x27, 0xe9, 0x27])]),
    },
    args: ['.'],
    says: ['2.sql:2:9', 'UTF-8', 'iconv'],
  },
  {
    what: 'an unclosed quote',
    files: { '1.sql': GOOD, '2.sql': "SELECT 1;\nSELECT 'abc;\n" },
    args: ['.'],
    says: ['2.sql:2:8', /unterminated quoted string/, 'close it'],
  },
  {
    what: 'an unclosed dollar quote',
    files: { '1.sql': GOOD, '2.sql': 'DO $x$ BEGIN END; $y$;\n' },
    args: ['.'],
    says: ['2.sql:1:4', /unterminated dollar-quoted string/],
  },
  {
    what: 'a syntax error in file 3 of 5',
    files: {
      '1.sql': GOOD,
      '2.sql': GOOD,
      '3.sql': 'SELECT 1;\n\n  SELECT x FROM FROM t;\n',
      '4.sql': GOOD,
      '5.sql': GOOD,
    },
    args: ['.'],
    says: ['3.sql:3:17: error: syntax error at or near "FROM"', '  SELECT x FROM FROM t;', /^ +\^$/m],
  },
  {
    what: 'an undefined variable that breaks a statement',
    files: { '1.sql': GOOD, '2.sql': 'CREATE TABLE :name (id int);\n' },
    args: ['.'],
    says: ['2.sql:1:14', ':name is not defined', '-v name='],
  },
  {
    what: 'an unknown directive',
    files: { '1.sql': `${GOOD}-- pqrun: splitt rows=5\nSELECT 1;\n` },
    args: ['.'],
    says: ['1.sql:2:11', 'splitt', 'split'],
  },
  {
    what: 'into=0',
    files: { '1.sql': `${GOOD}-- pqrun: split rows=5 into=0\nSELECT :rows;\n` },
    args: ['.'],
    says: ['1.sql:2:', 'into', /at least 1|1 or more|from 1/],
  },
  {
    what: 'rows=-1',
    files: { '1.sql': `${GOOD}-- pqrun: split rows=-1\nSELECT :rows;\n` },
    args: ['.'],
    says: ['1.sql:2:', 'rows', '-1'],
  },
  {
    what: 'rows=1e3',
    files: { '1.sql': `${GOOD}-- pqrun: split rows=1e3\nSELECT :rows;\n` },
    args: ['.'],
    says: ['1.sql:2:', 'rows', '1e3'],
  },
  {
    what: 'a split that would insert the same rows again and again',
    files: { '1.sql': `${GOOD}-- pqrun: split rows=10\nINSERT INTO touched VALUES (1);\n` },
    args: ['.'],
    says: ['1.sql:2:', ':rows', ':lo'],
  },
  {
    what: 'a split inside a transaction block',
    files: {
      '1.sql': `${GOOD}BEGIN;\n-- pqrun: split rows=10\nINSERT INTO touched VALUES (:lo);\nCOMMIT;\n`,
    },
    args: ['.'],
    says: ['1.sql:3:', 'transaction block'],
  },
  {
    what: 'after= a label that is not there',
    files: { '1.sql': `${GOOD}-- pqrun: after=load\nSELECT 1;\n` },
    args: ['.'],
    says: ['1.sql:2:', '“load”'],
  },
  {
    what: 'a manifest with an unknown key and a wrong type',
    files: { '1.sql': GOOD, 'pqrun.yaml': 'defaults:\n  jobs: many\nstage:\n  - files: "*.sql"\n' },
    args: ['.'],
    says: ['pqrun.yaml:2:9', 'pqrun.yaml:3:1', 'stages'],
  },
  { what: '--jobs 0', files: { '1.sql': GOOD }, args: ['.', '--jobs', '0'], says: ['--jobs', "'0'"] },
  { what: '--jobs x', files: { '1.sql': GOOD }, args: ['.', '--jobs', 'x'], says: ['--jobs', "'x'"] },
  {
    what: 'an unknown option',
    files: { '1.sql': GOOD },
    args: ['.', '--job', '2'],
    says: ['--job', '--jobs'],
  },
  {
    what: 'a meta-command that is not run',
    files: { '1.sql': `${GOOD}\\watch 1\n` },
    args: ['.'],
    says: ['1.sql:2:1', '\\watch'],
  },
  {
    what: 'an event log that cannot be written',
    files: { '1.sql': GOOD },
    args: ['.', '--events', 'no/such/dir/e.ndjson'],
    says: ['no/such/dir/e.ndjson'],
  },
];

async function touched(query: (sql: string) => Promise<readonly unknown[]>): Promise<boolean> {
  const tables = await query(`SELECT 1 FROM pg_class WHERE relname = 'touched'`);
  return tables.length > 0;
}

describe('exit status 1, nothing run:', () => {
  for (const { what, files = {}, args, says } of faults) {
    test(what, async ({ work, database }) => {
      work.write(files);
      const { status, stderr, stdout } = await work.pqrun(args);
      for (const words of says)
        expect(stderr).toMatch(typeof words === 'string' ? new RegExp(escape(words)) : words);
      expect(status).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).not.toContain('at file:');
      expect(await touched(database.query)).toBe(false);
    });
  }

  test('all faults of all files at once', async ({ work }) => {
    work.write({
      '1.sql': 'SELECT FROM FROM;\nSELECT 1 1;\n',
      '2.sql': "SELECT 'x",
      '3.sql': '-- pqrun: into=3\nSELECT 1;',
    });
    const { status, stderr } = await work.pqrun(['.']);
    expect(status).toBe(1);
    for (const place of ['1.sql:1:13', '1.sql:2:10', '2.sql:1:8', '3.sql:1:11'])
      expect(stderr).toContain(place);
  });
});

describe('exit status 2, no connection:', () => {
  const unreachable = async (work: Workplace, env: Readonly<Record<string, string>>): Promise<string> => {
    work.write({ '1.sql': GOOD });
    const { status, stderr, stdout } = await work.pqrun(['.'], { env });
    expect(status).toBe(2);
    expect(stdout).toBe('');
    return stderr;
  };

  test('a port where nobody listens', async ({ work }) => {
    const port = await freePort();
    expect(await unreachable(work, { PGPORT: String(port) })).toMatch(
      new RegExp(`no server accepts connections at .*:${port}.*\\nhint: `, 's'),
    );
  });

  test('a host that is unknown', async ({ work }) => {
    expect(await unreachable(work, { PGHOST: 'no-such-host.invalid' })).toContain('no-such-host.invalid');
  });

  test('a wrong password, which is not repeated', async ({ work, database }) => {
    const stderr = await unreachable(work, { PGPASSWORD: 'not-the-secret' });
    expect(stderr).toContain(`password authentication failed for user "${database.env.PGUSER}"`);
    expect(stderr).not.toContain('not-the-secret');
  });

  test('an unknown database', async ({ work }) => {
    expect(await unreachable(work, { PGDATABASE: 'no_such_db' })).toContain(
      'database "no_such_db" does not exist',
    );
  });

  test('an unknown role', async ({ work }) => {
    expect(await unreachable(work, { PGUSER: 'no_such_role' })).toContain('no_such_role');
  });
});

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
