import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import {
  collectInputs,
  type InputRequest,
  type Inputs,
  type ReadDirectory,
} from '../../../src/script/discover.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pqrun-discover-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(...files: readonly (string | readonly [path: string, text: string])[]): void {
  for (const file of files) {
    const [path, text] = typeof file === 'string' ? [file, ''] : file;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

type Given = Partial<Omit<InputRequest, 'readStdin'>> & { readonly stdin?: string };

function request({ paths = [], commands = [], filesFrom = [], stdin = '' }: Given): InputRequest {
  const inside = (path: string): string => (path === '-' ? path : join(root, path));
  return {
    paths: paths.map(inside),
    commands,
    filesFrom: filesFrom.map(inside),
    readStdin: () => Promise.resolve(new TextEncoder().encode(stdin)),
  };
}

async function inputs(given: Given): Promise<Inputs> {
  const read = await collectInputs(request(given));
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  return read.value;
}

/** Names relative to the test's directory. */
async function names(given: Given): Promise<readonly string[]> {
  const { sources } = await inputs(given);
  return sources.map(({ name, path }) => (path === undefined ? name : relative(root, path)));
}

async function faults(given: Given, list?: ReadDirectory): Promise<readonly Diagnostic[]> {
  const read = await collectInputs(request(given), list);
  return read.ok ? [] : read.diagnostics;
}

describe('a directory', () => {
  it('is every *.sql below it, in natural order, directories among files', async () => {
    write('10.sql', '2.sql', '3-x/2.SQL', '3-x/10.sql', '3-x/y/1.sql', 'readme.txt', 'a.sql.bak');
    expect(await names({ paths: ['.'] })).toEqual([
      '2.sql',
      '3-x/2.SQL',
      '3-x/10.sql',
      '3-x/y/1.sql',
      '10.sql',
    ]);
  });

  it('is given without its dot files', async () => {
    write('a.sql', '.b.sql', '.git/c.sql');
    expect(await names({ paths: ['.'] })).toEqual(['a.sql']);
  });

  it('is the same whatever the order that the system lists it in', async () => {
    write('a/1.sql', 'b/2.sql', 'c.sql');
    symlinkSync('b', join(root, 'z'));
    const forwards = await collectInputs(request({ paths: ['.'] }), async (path) =>
      (await readdir(path)).toSorted(),
    );
    const backwards = await collectInputs(request({ paths: ['.'] }), async (path) =>
      (await readdir(path)).toSorted().toReversed(),
    );
    expect(backwards).toEqual(forwards);
  });

  it('gives each script the first number on its way as its stage', async () => {
    write('10-tables/a.sql', '20-load.sql', 'x/30-y.sql', 'z.sql');
    const { sources } = await inputs({ paths: ['.'] });
    expect(sources.map(({ stage }) => stage)).toEqual([10, 20, 30, undefined]);
  });

  it('may have links to files, and links in a circle', async () => {
    write('build/a.sql', 'shared/b.sql');
    symlinkSync('../shared/b.sql', join(root, 'build', 'b.sql'));
    symlinkSync('..', join(root, 'build', 'up'));
    symlinkSync('.', join(root, 'build', 'self'));
    expect(await names({ paths: ['build'] })).toContain('build/a.sql');
    const found = await names({ paths: ['build'] });
    expect(found.filter((name) => name.endsWith('a.sql'))).toEqual(['build/a.sql']);
    expect(found).toContain('build/b.sql');
  });

  it('may have a broken link that is no script; one that is a script is a fault', async () => {
    write('a.sql');
    symlinkSync('nowhere', join(root, 'notes'));
    expect(await names({ paths: ['.'] })).toEqual(['a.sql']);
    symlinkSync('nowhere', join(root, 'b.sql'));
    const [fault] = await faults({ paths: ['.'] });
    expect(fault?.message).toMatch(/b\.sql.*no such file/);
    expect(fault?.hint).not.toContain('did you mean');
  });

  it('that is mistyped is told with the one that may have been meant', async () => {
    write('build-db/02-tables/10-orders.sql', 'Reports.sql');
    const hintOf = async (path: string): Promise<string | undefined> =>
      (await faults({ paths: [path] }))[0]?.hint?.replaceAll(root, '');
    expect(await hintOf('buld-db')).toBe('did you mean /build-db?');
    expect(await hintOf('build_db/02-table/10-order.sql')).toBe(
      'did you mean /build-db/02-tables/10-orders.sql?',
    );
    expect(await hintOf('build-db/02-tables/10-orders')).toBe(
      'did you mean /build-db/02-tables/10-orders.sql?',
    );
    expect(await hintOf('reports.sql')).toBe('did you mean /Reports.sql?');
    expect(await hintOf('migrations')).toBe('check the spelling and the working directory');
    expect(await hintOf('build-db/02-tables/10-orders.sql/x')).not.toContain('did you mean');
  });

  it('that may not be read is named, whole or in part, and what else is wrong too', async () => {
    write('a/1.sql', 'b/2.sql', 'c/3.sql');
    const refuse = (path: string): Promise<string[]> =>
      ['b', 'c'].includes(basename(path))
        ? Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))
        : readdir(path);
    const found = await faults({ paths: ['.', 'c', 'nowhere'] }, refuse);
    expect(found.map(({ message }) => message.replaceAll(root, ''))).toEqual([
      expect.stringMatching(/\/b.*permission denied/),
      expect.stringMatching(/\/c.*permission denied/),
      expect.stringMatching(/\/c.*permission denied/),
      expect.stringMatching(/\/nowhere.*no such file/),
    ]);
    expect(found.every(({ hint }) => hint !== undefined)).toBe(true);
  });

  it('without a script is a fault that says what was looked for', async () => {
    write('empty/readme.txt', 'empty/.x.sql');
    const [fault, ...more] = await faults({ paths: ['empty'] });
    expect(fault?.message).toContain(join(root, 'empty'));
    expect(fault?.message).toContain('*.sql');
    expect(more).toEqual([]);
  });
});

describe('files', () => {
  it('run in the order given, whatever their ending, twice if given twice', async () => {
    write('b.sql', 'a.txt');
    expect(await names({ paths: ['b.sql', 'a.txt', 'b.sql'] })).toEqual(['b.sql', 'a.txt', 'b.sql']);
  });

  it('that are a socket or a device are a fault', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(root, 's.sql'), resolve));
    const found = await faults({ paths: ['s.sql', '../../dev/null'] });
    server.close();
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringContaining('s.sql is neither a file nor a directory'),
      expect.stringContaining('/dev/null is neither a file nor a directory'),
    ]);
  });

  it('may be a named pipe, as the shell makes of <(…)', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(await names({ paths: ['pipe'] })).toEqual(['pipe']);
  });
});

describe('texts', () => {
  it('of -c run before paths, in the order given', async () => {
    write('a.sql');
    const { sources } = await inputs({ paths: ['a.sql'], commands: ['SELECT 1', 'SELECT 2'] });
    expect(sources.map(({ name }) => basename(name))).toEqual(['-c #1', '-c #2', 'a.sql']);
    expect(new TextDecoder().decode(sources[1]?.bytes)).toBe('SELECT 2');
  });

  it('of standard input are one script', async () => {
    const { sources } = await inputs({ paths: ['-'], stdin: 'SELECT 1' });
    expect(sources.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])).toEqual([
      ['<stdin>', 'SELECT 1'],
    ]);
  });

  it('of standard input are there once', async () => {
    const [fault] = await faults({ paths: ['-', '-'], stdin: 'SELECT 1' });
    expect(fault?.message).toContain('standard input');
    expect(fault?.message).toContain('twice');
  });

  it('of standard input may be empty only when there is something else', async () => {
    const [fault] = await faults({ paths: ['-'] });
    expect(fault?.message).toContain('standard input is empty');
    expect(await names({ paths: ['-'], commands: ['SELECT 1'] })).toEqual(['-c #1', '<stdin>']);
  });

  it('none at all is a fault', async () => {
    const [fault] = await faults({});
    expect(fault?.message).toContain('nothing to run');
    expect(fault?.hint).toContain('-c');
  });
});

describe('a list of scripts', () => {
  it('is read line by line, relative to itself, in its order', async () => {
    write('sql/b.sql', 'sql/a.sql', 'x/1.sql', ['sql/list', '\uFEFF# all\r\nb.sql\r\n\r\n  a.sql  \r\n../x']);
    expect(await names({ filesFrom: ['sql/list'] })).toEqual(['sql/b.sql', 'sql/a.sql', 'x/1.sql']);
  });

  it('may come on standard input, absolute paths as well', async () => {
    write('a.sql');
    expect(await names({ filesFrom: ['-'], stdin: `${join(root, 'a.sql')}\n` })).toEqual(['a.sql']);
  });

  it('that names nothing is a fault, as is one that is not there', async () => {
    write(['list', '# nothing\n\n']);
    const found = await faults({ filesFrom: ['list', 'nolist'] });
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringMatching(/list lists no script/),
      expect.stringMatching(/nolist.*no such file/),
    ]);
  });
});

describe('a manifest', () => {
  const TEXT = 'variables: { n: 1 }\nstages: [{ files: "sql/*.sql" }]\n';

  it.each(['pqrun.yaml', 'pqrun.yml'])('is what a directory with a %s stands for', async (name) => {
    write('sql/10.sql', 'sql/2.sql', 'other.sql', [name, TEXT]);
    const { sources, manifest, names: given } = await inputs({ paths: ['.'] });
    expect(sources.map(({ path = '', stage }) => [relative(root, path), stage])).toEqual([
      ['sql/2.sql', 1],
      ['sql/10.sql', 1],
    ]);
    expect(manifest?.variables).toEqual(new Map([['n', '1']]));
    expect(given).toEqual([join(root, '.')]);
  });

  it('may be any YAML or JSON file that is named', async () => {
    write('a.sql', ['x.json', '{"stages": [{"files": "a.sql"}]}']);
    expect(await names({ paths: ['x.json'] })).toEqual(['a.sql']);
  });

  it('tells its faults together with the others', async () => {
    write(['pqrun.yaml', 'stages: []']);
    const found = await faults({ paths: ['.', 'nowhere'] });
    expect(found.map(({ place, message }) => [place?.column, message.replaceAll(root, '')])).toEqual([
      [9, expect.stringContaining('at least one stage')],
      [undefined, expect.stringContaining('nowhere')],
    ]);
  });

  it('is there once', async () => {
    write('a.sql', ['x.yaml', 'stages: [{ files: a.sql }]'], ['y.yaml', 'stages: [{ files: a.sql }]']);
    const [fault] = await faults({ paths: ['x.yaml', 'y.yaml'] });
    expect(fault?.message).toMatch(/more than one manifest.*x\.yaml.*y\.yaml/);
  });
});
