import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderTemplate } from '../../../src/script/template.js';
import { VariableStore } from '../../../src/script/variable-store.js';
import { ScriptWalk, type WalkOptions } from '../../../src/script/walk.js';
import { brief, read, readWalk, type Reading } from './reading.js';

let directory = '';
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'pqrun-walk-')));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** Paths are relative to the working directory, as psql takes them; the tests name them from the top. */
function walkOf(main: string, options: Partial<WalkOptions> = {}): ScriptWalk {
  const path = join(directory, main);
  const variables = new VariableStore([['dir', directory]]);
  return new ScriptWalk({ file: { name: path, from: { path } }, variables, environment: {}, ...options });
}

function walk(main: string, options: Partial<WalkOptions> = {}): Reading {
  return readWalk(walkOf(main, options));
}

/** Names of files without the directory of the test. */
function local(name: string): string {
  return name.replace(`${directory}/`, '');
}

function errorsOf({ faults }: Reading): readonly string[] {
  return faults.map(
    ({ place, message }) => `${local(place?.file ?? '')}:${place?.line ?? 0} ${local(message)}`,
  );
}

describe('included files', () => {
  it('are read where they are included, with their own places', () => {
    write({ 'main.sql': 'a;\n\\i :dir/b.sql\nc;', 'b.sql': '\n b;' });
    const { texts, places } = walk('main.sql');
    expect(texts).toEqual(['a', 'b', 'c']);
    expect(places.map(({ file, line, column }) => [local(file), line, column])).toEqual([
      ['main.sql', 1, 1],
      ['b.sql', 2, 2],
      ['main.sql', 3, 1],
    ]);
  });

  it('know the chain that led to them', () => {
    write({ 'main.sql': '\n\\ir b.sql', 'b.sql': '\\ir c.sql', 'c.sql': 'c;\n\\foo' });
    const { places, faults } = walk('main.sql');
    const chain = {
      file: join(directory, 'b.sql'),
      line: 1,
      column: 1,
      from: { file: join(directory, 'main.sql'), line: 2, column: 1 },
    };
    expect(places).toEqual([{ file: join(directory, 'c.sql'), line: 1, column: 1, from: chain }]);
    expect(faults[0]?.place).toEqual({ file: join(directory, 'c.sql'), line: 2, column: 1, from: chain });
    expect(faults[0]?.excerpt).toEqual({ text: '\\foo', column: 1 });
  });

  it('with \\ir stand beside the file that includes them, with \\i at the working directory', () => {
    write({
      'main.sql': '\\ir sub/b.sql',
      'sub/b.sql': '\\ir c.sql\n\\i :dir/c.sql',
      'sub/c.sql': 'inner;',
      'c.sql': 'outer;',
    });
    expect(walk('main.sql').texts).toEqual(['inner', 'outer']);
  });

  it('with \\ir in a script without a path stand at the working directory', () => {
    const { faults } = read('\\ir nowhere/at/all.sql');
    expect(brief(faults)).toEqual(['1:1 cannot read nowhere/at/all.sql: no such file']);
  });

  it('with an absolute path need no directory', () => {
    write({ 'sub/main.sql': '\\ir :dir/c.sql', 'c.sql': 'c;' });
    expect(walk('sub/main.sql').texts).toEqual(['c']);
  });

  it('may be quoted, may end in a semicolon, and leave the rest of the line for later', () => {
    write({ 'main.sql': "\\set name 'b c'\n\\ir 'b c.sql'; \\\\ d;\n\\ir :name'.sql'", 'b c.sql': 'b;' });
    expect(walk('main.sql').texts).toEqual(['b', 'd', 'b']);
  });

  it('that are not there, or are directories, are faults at the command', () => {
    write({ 'main.sql': '\\ir none.sql\n  \\ir sub\na;', 'sub/x.sql': '' });
    const reading = walk('main.sql');
    expect(errorsOf(reading)).toEqual([
      'main.sql:1 cannot read none.sql: no such file',
      'main.sql:2 cannot read sub: it is a directory',
    ]);
    expect(reading.texts).toEqual(['a']);
    expect(reading.faults.every(({ hint }) => hint !== undefined)).toBe(true);
  });

  it('that include themselves are faults, unless only the run knows whether they do', () => {
    write({
      'a.sql': 'x;\n\\ir b.sql',
      'b.sql': '\\ir ./a.sql',
      'c.sql': '\\if :ROW_COUNT\n\\ir c.sql\n\\endif\nx;',
    });
    const reading = walk('a.sql');
    expect(reading.faults).toHaveLength(1);
    expect(errorsOf(reading)[0]).toMatch(/^b\.sql:1 .*a\.sql includes itself$/);
    expect(reading.texts).toHaveLength(16);
    expect(walk('c.sql')).toMatchObject({ faults: [], texts: ['x'] });
  });

  it('may include themselves as long as a condition ends it', () => {
    write({
      'main.sql': '\\set n xx\n\\ir loop.sql\nend;',
      'loop.sql': "select :'n';\n\\if :{?done}\n\\else\n\\set done 1\n\\ir loop.sql\n\\endif",
    });
    expect(walk('main.sql')).toMatchObject({ faults: [], texts: ["select 'xx'", "select 'xx'", 'end'] });
  });

  it('may be included again and again', () => {
    write({ 'main.sql': '\\ir b.sql\n\\ir b.sql', 'b.sql': 'b;' });
    expect(walk('main.sql').texts).toEqual(['b', 'b']);
  });

  it('end a statement that they leave open, as the end of a script does', () => {
    write({ 'main.sql': '\\ir b.sql\nc;', 'b.sql': 'a; b -- x' });
    expect(walk('main.sql').texts).toEqual(['a', 'b -- x', 'c']);
  });

  it('do not touch a statement that is open where they are included', () => {
    write({ 'main.sql': 'select\n\\ir b.sql\n1;', 'b.sql': 'b;' });
    expect(walk('main.sql').texts).toEqual(['b', 'select\n1']);
  });

  it('have branches of their own', () => {
    write({ 'main.sql': '\\if 1\n\\ir b.sql\nm;\n\\endif', 'b.sql': '\\endif\n\\if 0\nb;' });
    const reading = walk('main.sql');
    expect(errorsOf(reading)).toEqual([
      'b.sql:1 \\endif: no matching \\if',
      'b.sql:2 the file ends inside this branch of an \\if',
    ]);
    expect(reading.texts).toEqual(['m']);
  });

  it('share variables with the file that includes them', () => {
    write({
      'main.sql': '\\set a 1\n\\ir b.sql\nselect :a, :b;',
      'b.sql': 'select :a;\n\\set a 2\n\\set b 3',
    });
    expect(walk('main.sql').texts).toEqual(['select 1', 'select 2, 3']);
  });

  it('that end with \\q are over, and the other one goes on', () => {
    write({ 'main.sql': '\\ir b.sql\nc;\n\\q\nd;', 'b.sql': 'a;\n\\q\nb;' });
    expect(walk('main.sql').texts).toEqual(['a', 'c']);
  });

  it('may hold file directives', () => {
    write({ 'main.sql': '\\ir b.sql\nx;', 'b.sql': '-- pqrun: file session\nb;' });
    expect(walk('main.sql').mode).toEqual({ session: true, order: undefined });
  });

  it('hold the data of their own COPY', () => {
    write({ 'main.sql': '\\ir b.sql\nc;', 'b.sql': 'copy a from stdin;\n1\n\\.\nb;' });
    const reader = walkOf('main.sql');
    reader.next();
    const { file, data } = reader.takeCopyData();
    expect([local(file.name), data]).toMatchObject(['b.sql', { start: 19, end: 21, line: 2 }]);
    expect(readWalk(reader).texts).toEqual(['b', 'c']);
  });

  it('that only the run knows are left to it', () => {
    const { needsRun, faults } = read('\\i :DBNAME');
    expect([needsRun, faults]).toEqual([true, []]);
    expect(read('\\if :ROW_COUNT\n\\i none.sql\n\\endif')).toMatchObject({ needsRun: true, faults: [] });
  });
});

describe('\\cd', () => {
  it('is where relative paths begin from then on, and not for \\ir', () => {
    write({
      'main.sql': '\\cd :dir/sub\n\\i b.sql\n\\cd ..\n\\i b.sql\n\\ir sub/b.sql',
      'sub/b.sql': 'inner;',
      'b.sql': 'outer;',
    });
    expect(walk('main.sql').texts).toEqual(['inner', 'outer', 'inner']);
  });

  it('without a path is the home directory, which ~ is too', () => {
    const reader = new ScriptWalk({
      file: { name: 'a', from: { bytes: Buffer.from('\\cd /\n\\echo\n\\cd\n\\echo') } },
      variables: new VariableStore([]),
      environment: {},
    });
    reader.next();
    expect(reader.resolvePath('x')).toBe('/x');
    expect(reader.resolvePath('~/x')).toBe(join(homedir(), 'x'));
    expect(reader.resolvePath('~x')).toBe('/~x');
    reader.next();
    expect(reader.resolvePath('x')).toBe(join(homedir(), 'x'));
  });
});

describe('variables', () => {
  it('come from the environment, when it has them', () => {
    const { texts } = read('\\getenv a A\n\\getenv b B\n:a :b;', { b: 'old' }, { environment: { A: 'one' } });
    expect(texts).toEqual(['one old']);
  });

  it('that psql refuses are faults at the command', () => {
    expect(brief(read("a;\n \\set ON_ERROR_STOP sometimes\n\\set 'a b' 1\n\\unset 'a b'").faults)).toEqual([
      '2:2 unrecognized value "sometimes" for "ON_ERROR_STOP": Boolean expected',
      '3:1 invalid variable name: "a b"',
    ]);
  });

  it('that are not honoured are warnings', () => {
    expect(read('\\set SINGLELINE on').faults).toMatchObject([{ severity: 'warning', place: { line: 1 } }]);
  });

  it('set or unset where only the run knows are unknown', () => {
    const { statements } = read('\\set a 1\n\\if :ROW_COUNT\n\\set a 2\n\\unset b\n\\endif\n:a;\n:b;\nc;');
    expect(statements.map(({ isUncertain }) => isUncertain)).toEqual([true, true, false]);
  });

  it('tell how the next line is treated when a statement fails', () => {
    const reader = new ScriptWalk({
      file: { name: 'a', from: { bytes: Buffer.from('a; \\set ON_ERROR_STOP off \\\\ b;\nc;') } },
      variables: new VariableStore([]),
      environment: {},
    });
    const stops: boolean[] = [];
    for (let item = reader.next(); item !== undefined; item = reader.next()) stops.push(reader.stopsOnError);
    expect(stops).toEqual([true, true, false]);
  });
});

describe('a failure', () => {
  it('ends all files that stop on errors, from the innermost out', () => {
    write({
      'main.sql': '\\set ON_ERROR_STOP off\n\\ir b.sql\nd;',
      'b.sql': '\\set ON_ERROR_STOP on\n\\ir c.sql\nc;',
      'c.sql': 'a;\nb;',
    });
    const reader = walkOf('main.sql');
    const next = () => {
      const item = reader.next();
      return item?.kind === 'statement' ? renderTemplate(item.statement.text).text : item?.kind;
    };
    expect(next()).toBe('a');
    expect(reader.fail()).toBe(true);
    expect(next()).toBe('d');
    expect(next()).toBeUndefined();
  });

  it('ends the script when everything stops on errors', () => {
    write({ 'main.sql': '\\ir b.sql\nc;', 'b.sql': 'a;\nb;' });
    const reader = walkOf('main.sql');
    reader.next();
    expect(reader.fail()).toBe(false);
    expect(reader.next()).toBeUndefined();
  });
});

describe('\\restrict', () => {
  it('lets no command through until it is taken back, across files', () => {
    write({
      'main.sql': '\\restrict key\na;\n\\ir b.sql\n\\set x 1\n\\unrestrict key\n\\set x 2\n:x;',
      'b.sql': 'b;',
    });
    const reading = walk('main.sql');
    expect(errorsOf(reading)).toEqual([
      'main.sql:3 meta-commands are restricted here: only \\unrestrict is allowed',
      'main.sql:4 meta-commands are restricted here: only \\unrestrict is allowed',
    ]);
    expect(reading.texts).toEqual(['a', '2']);
  });

  it('is taken back by the same key only, and only where it is', () => {
    expect(brief(read('\\restrict a\n\\unrestrict b\n\\unrestrict a\n\\unrestrict a').faults)).toEqual([
      '2:1 \\unrestrict: wrong key',
      '4:1 \\unrestrict: not currently in restricted mode',
    ]);
  });
});

describe('what is left to do', () => {
  it('is given in order, with its place', () => {
    const { calls, places } = read('a;\n\\echo x\nb \\gset\n  \\o f\n\\timing');
    expect(calls.map(({ kind }) => kind)).toEqual(['echo', 'output', 'timing']);
    expect(places.map(({ line, column }) => [line, column])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 3],
      [5, 1],
    ]);
  });

  it('includes the lines, when ECHO is all', () => {
    const lines: string[] = [];
    read('a;\n\\set ECHO all\n\n b;\n\\unset ECHO\nc;', {}, { echo: (line) => lines.push(line) });
    expect(lines).toEqual([' b;', '\\unset ECHO']);
  });
});

it('a script that is not there is a fault without a place', () => {
  expect(walk('none.sql').faults).toMatchObject([
    { severity: 'error', message: expect.stringContaining('no such file') as string },
  ]);
});
