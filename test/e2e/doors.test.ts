import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { test, type Workplace } from './pqrun.js';

/**
 * Ways to a shell or a program that no script need have: names of files, values of variables and directives, results, the
 * surroundings. None is one: programs that people's shells, pagers and editors are called by lie in wait, and none is begun.
 * (What a script says outright is in commands-shell.test.ts.)
 */

/** Each leaves the mark, by whatever name it is called. */
const TRAPS = ['sh', 'bash', 'less', 'more', 'vi', 'ed', 'nano', 'psql', 'pager', 'cat', 'stty', 'trap'];

function setTraps(work: Workplace): Readonly<Record<string, string>> {
  const { directory } = work;
  const bin = join(directory, 'traps');
  mkdirSync(bin);
  writeFileSync(join(bin, 'trap'), `#!/bin/sh\n: >'${directory}/evil'\n`, { mode: 0o755 });
  for (const name of TRAPS) if (name !== 'trap') symlinkSync('trap', join(bin, name));
  work.write({ psqlrc: '\\! touch evil\n', '.psqlrc': '\\! touch evil\n' });
  const trap = join(bin, 'trap');
  return {
    PATH: `${bin}:${process.env.PATH ?? ''}`,
    HOME: directory,
    ...Object.fromEntries(
      ['PAGER', 'PSQL_PAGER', 'PSQL_EDITOR', 'EDITOR', 'VISUAL', 'SHELL', 'COMSPEC', 'PSQL_WATCH_PAGER'].map(
        (name) => [name, trap],
      ),
    ),
    PSQLRC: join(directory, 'psqlrc'),
    PSQL_HISTORY: join(directory, 'evil'),
  };
}

interface Door {
  readonly what: string;
  readonly script: string;
  /** As a way to a shell. */
  readonly isRefused?: boolean;
  readonly args?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}

const PIPE = '| touch evil';
const BACKQUOTED = '`touch evil`';
const MANY_ROWS = 'SELECT * FROM generate_series(1, 5000);\n';

const DOORS: readonly Door[] = [
  { what: 'pagers and start-up files', script: `\\pset pager always\n${MANY_ROWS}` },
  { isRefused: true, what: '\\g into a variable’s pipe', script: `\\set f '${PIPE}'\nSELECT 1 \\g :f\n` },
  { isRefused: true, what: '\\gx into a variable’s pipe', script: `\\set f '${PIPE}'\nSELECT 1 \\gx :f\n` },
  { isRefused: true, what: '\\o into a variable’s pipe', script: `\\set f '${PIPE}'\n\\o :f\nSELECT 1;\n` },
  { isRefused: true, what: '\\o into a quoted pipe', script: `\\o '${PIPE}'\nSELECT 1;\n` },
  { isRefused: true, what: '\\g into a quoted pipe', script: `SELECT 1 \\g '${PIPE}'\n` },
  {
    what: '\\g into a pipe that a result names',
    script: `SELECT '${PIPE}' AS f \\gset\nSELECT 1 \\g :f\n`,
    isRefused: true,
  },
  { what: '\\i of a pipe', script: `\\i '${PIPE}'\n` },
  { what: '\\ir of a variable’s pipe', script: `\\set f '${PIPE}'\n\\ir :f\n` },
  { what: '\\cd into a pipe', script: `\\cd '${PIPE}'\n` },
  { what: '\\copy from a pipe’s name', script: `CREATE TABLE t (v text);\n\\copy t from '${PIPE}'\n` },
  { what: '\\copy to a pipe’s name', script: `\\copy (SELECT 1) to '${PIPE}'\n` },
  {
    what: 'a result that is \\gset',
    script: `SELECT '${BACKQUOTED}' AS v, '\\! touch evil' AS w \\gset\n\\echo :v :w\n\\set x :v\n\\o :v\n\\o\n`,
  },
  {
    what: 'a result that is \\gexec',
    script: "SELECT E'\\\\! touch evil' UNION ALL SELECT E'SELECT 1 \\\\g | touch evil' \\gexec\n",
  },
  {
    what: 'arguments that nobody reads',
    script: `SELECT 1 \\gdesc ${BACKQUOTED}\nSELECT 'SELECT 1' \\gexec ${BACKQUOTED}\n\\q ${BACKQUOTED}\n`,
  },
  { what: 'the environment', script: `\\getenv p PAGER\n\\echo :p\n\\getenv s SHELL\n\\echo :'s'\n` },
  { what: '\\prompt', script: `\\prompt '${BACKQUOTED}' v\n\\echo :v\n` },
  {
    what: '\\connect with a service and files that are programs',
    script: `\\connect "service=evil passfile='${PIPE}' sslkey='${PIPE}'"\n`,
  },
  {
    what: 'PROMPT1 and its kin',
    script: `\\set PROMPT1 '%${BACKQUOTED.replaceAll('`', '\\`')}%\`touch evil\`'\nSELECT 1;\n`,
  },
  {
    what: 'a notice and an error',
    script: `DO $$ BEGIN RAISE NOTICE E'\\n\\\\! touch evil'; RAISE '%', '${BACKQUOTED}'; END $$;\n`,
  },
  {
    what: 'a name of an object',
    script: `CREATE TABLE "${BACKQUOTED}" ("${PIPE}" int);\nSELECT * FROM "${BACKQUOTED}";\n`,
  },
  {
    what: 'COPY data',
    script: `CREATE TABLE t (v text);\nCOPY t FROM stdin;\n\\\\! touch evil\n${BACKQUOTED}\n\\.\nSELECT * FROM t;\n`,
  },
  { what: 'the file of a split', script: `-- pqrun: split each='${PIPE}'\nSELECT 1;\n` },
  {
    what: 'the values of a split',
    script: `-- pqrun: split values='${BACKQUOTED},${PIPE}'\nSELECT :'value';\n`,
  },
  { what: 'labels', script: `-- pqrun: label='${BACKQUOTED}'\nSELECT 1;\n` },
  {
    what: 'the records of a split',
    script: "-- pqrun: split each=r.csv\nSELECT :'v';\n\\echo :v\n",
    files: { 'r.csv': `v\n${BACKQUOTED}\n${PIPE}\n` },
  },
  { what: '-o', script: 'SELECT 1;\n', args: ['-o', PIPE] },
  { what: '--events', script: 'SELECT 1;\n', args: ['--events', PIPE] },
  { what: '--files-from', script: 'SELECT 1;\n', args: ['--files-from', PIPE] },
  {
    what: '--files-from, in the list',
    script: 'SELECT 1;\n',
    args: ['--files-from', 'list'],
    files: { list: `${PIPE}\n` },
  },
  { what: '-f', script: 'SELECT 1;\n', args: ['-f', PIPE] },
  { what: '-c', script: 'SELECT 1;\n', args: ['-c', `\\echo :v\nSELECT '${BACKQUOTED}'`] },
  { what: '-v', script: '\\echo :v\n\\o :v\n', args: ['-v', `v=${BACKQUOTED}`, '-v', `w=${PIPE}`] },
  { what: '-P', script: 'SELECT NULL;\n', args: ['-P', `null=${BACKQUOTED}`, '-P', 'pager=always'] },
  { what: '--init-sql', script: 'SELECT 1;\n', args: ['--init-sql', '\\! touch evil'] },
  { what: '--exit-sql', script: 'SELECT 1;\n', args: ['--exit-sql', "\\copy t from program 'touch evil'"] },
  { what: '--run and --journal', script: 'SELECT 1;\n', args: ['--journal', '--run', BACKQUOTED] },
  {
    what: '--targets-from',
    script: 'SELECT 1;\n',
    args: ['--targets-from', `SELECT '${BACKQUOTED}', '${PIPE}'`],
  },
  {
    what: '-d',
    script: 'SELECT 1;\n',
    args: ['-d', `host=127.0.0.1 sslkey='${PIPE}' passfile='${PIPE}' service='${BACKQUOTED}'`],
  },
  { what: '-h', script: 'SELECT 1;\n', args: ['-h', PIPE] },
  { what: '--embedded', script: 'SELECT 1;\n', args: ['--embedded=/dev/null/`touch evil`'] },
];

test('the traps are traps', ({ work }) => {
  const env = setTraps(work);
  spawnSync('less', { env });
  expect(existsSync(join(work.directory, 'evil'))).toBe(true);
});

describe('no shell and no program is reached by', () => {
  for (const { what, script, args = [], files = {}, isRefused = false } of DOORS)
    test(what, async ({ work }) => {
      const env = setTraps(work);
      work.write({ ...files, '1.sql': script });
      const { status, stderr } = await work.pqrun(['1.sql', ...args], { env, stdin: `${BACKQUOTED}\n` });
      // Refused, failed or done: never by a fault of pqrun's.
      expect([0, 1, 2, 3], stderr).toContain(status);
      expect(existsSync(join(work.directory, 'evil')), stderr).toBe(false);
      expect(stderr.includes('run a shell command'), stderr).toBe(isRefused);
      expect(existsSync(join(work.directory, PIPE))).toBe(
        what.startsWith('\\copy to') || what === '--events',
      );
    });

  test('the names of scripts and directories, and what a manifest says', async ({ work }) => {
    const env = setTraps(work);
    work.write({
      'build/`touch evil`.sql': 'SELECT 1;\n',
      'build/| touch evil.sql': 'SELECT 2;\n',
      'build/$(touch evil)/;touch evil;.sql': 'SELECT 3;\n',
      'build/pqrun.yaml': `variables:\n  v: "${BACKQUOTED}"\n  w: "${PIPE}"\nstages:\n  - name: "${BACKQUOTED}"\n    files: "*.sql"\n`,
      'bad/pqrun.yaml': `stages:\n  - files: "${PIPE}"\n  - files: "${BACKQUOTED}"\n`,
      'bad/1.sql': 'SELECT 1;\n',
    });
    for (const path of ['build', 'bad', 'build/$(touch evil)'])
      for (const more of [[], ['--journal'], ['-o', 'results/']]) {
        const { status, stderr } = await work.pqrun([path, ...more], { env });
        expect([0, 1], stderr).toContain(status);
      }
    expect(existsSync(join(work.directory, 'evil'))).toBe(false);
  });
});

test('results get names that stay in their directory', async ({ work }) => {
  work.write({
    'build/../outside.sql': 'SELECT 1;\n',
    'build/in/..x.sql': 'SELECT 2;\n',
    'build/-rf.sql': 'SELECT 3;\n',
  });
  const { status, stderr } = await work.pqrun(['./build/../outside.sql', 'build', '-o', 'out/here/']);
  expect(status, stderr).toBe(0);
  expect(readdirSync(work.directory).sort()).toEqual(['build', 'out', 'outside.sql']);
  expect(readdirSync(join(work.directory, 'out'))).toEqual(['here']);
});
