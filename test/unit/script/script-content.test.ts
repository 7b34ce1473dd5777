import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Read } from '../../../src/model/diagnostic.js';
import { DEFAULT_SHOW, type Script } from '../../../src/model/script.js';
import { DEFAULT_READING, readScripts, type ReadOptions } from '../../../src/script/read.js';
import { renderTemplate } from '../../../src/script/template.js';
import { brief } from './reading.js';

function readText(
  text: string | Uint8Array,
  options: Partial<ReadOptions> = {},
): Promise<Read<readonly Script[]>> {
  return readScripts([{ name: 'a.sql', bytes: Buffer.from(text) }], { ...DEFAULT_READING, ...options });
}

async function scriptOf(text: string | Uint8Array, options: Partial<ReadOptions> = {}): Promise<Script> {
  const read = await readText(text, options);
  return read.ok ? read.value[0]! : expect.unreachable(brief(read.diagnostics).join('\n'));
}

async function faultsOf(
  text: string | Uint8Array,
  options: Partial<ReadOptions> = {},
): Promise<readonly string[]> {
  const read = await readText(text, options);
  return brief(read.ok ? read.warnings : read.diagnostics);
}

function textsOf({ statements }: Script): readonly string[] {
  return statements.map(({ text }) => renderTemplate(text).text);
}

describe('a script is read again while it runs', () => {
  it.each([
    'select 1 as a \\gset',
    "select 'select 1' \\gexec",
    'select 1 \\gdesc',
    'select 1 \\g file',
    'select 1 \\g (format=csv) file',
    '\\o file',
    '\\connect other',
    '\\c',
    '\\if :ERROR\nselect 1;\n\\endif',
    '\\if :ROW_COUNT\n\\set a 1\n\\endif\nselect :a;',
    '\\if :ROW_COUNT\n\\echo a\n\\endif',
    '\\if :ROW_COUNT\n\\q\n\\endif',
    'select :ROW_COUNT;',
    '\\echo :SQLSTATE',
    "\\set a :LAST_ERROR_MESSAGE\nselect :'a';",
    '\\set ON_ERROR_STOP off',
    '\\set ON_ERROR_STOP 0',
    '\\unset ON_ERROR_STOP',
    '\\set AUTOCOMMIT off',
    '\\unset AUTOCOMMIT',
    '\\set ON_ERROR_ROLLBACK on',
    '\\set ECHO all',
    '\\encoding',
    '\\set',
    'do $$ begin set standard_conforming_strings = off; end $$;',
  ])('because of %j', async (text) => {
    const { live } = await scriptOf(text);
    expect(live).toMatchObject({ name: 'a.sql', variables: [], show: DEFAULT_SHOW });
  });

  it.each([
    ['ON_ERROR_STOP', '0'],
    ['AUTOCOMMIT', 'off'],
    ['ON_ERROR_ROLLBACK', 'on'],
    ['ECHO', 'all'],
  ])('because of -v %s=%s', async (name, value) => {
    const { live } = await scriptOf('select 1', { variables: new Map([[name, value]]) });
    expect(live?.variables).toEqual([[name, value]]);
  });

  it.each([
    '\\set ON_ERROR_STOP on',
    '\\set ON_ERROR_ROLLBACK off',
    '\\set AUTOCOMMIT on',
    '\\set ECHO none',
    '\\set a 1\nselect :a;',
    '\\pset format csv',
    '\\echo a',
    '\\qecho a',
    '\\warn a',
    "\\copy t from 'f'",
    '\\copy t from stdin\n\\.',
    "\\copy t to 'f'",
    'select 1 \\g',
    'select 1 \\gx',
    'select 1 \\g (format=csv)',
    '\\x\n\\t\n\\a\n\\timing',
    '\\if 0\nselect 1 \\gset\n\\endif',
    '\\encoding LATIN1',
    '\\p',
    '\\r',
    '\\q',
    '\\getenv a A',
    '\\restrict a\n\\unrestrict a',
    'set standard_conforming_strings = off;',
  ])('not because of %j', async (text) => {
    expect((await scriptOf(text)).live).toBeUndefined();
  });

  it('because of a statement, or a file, that only the run knows to be reached', async () => {
    const { live, statements } = await scriptOf('\\if :ERROR\nselect 1;\n\\endif\nselect 2;');
    expect(live).toBeDefined();
    expect(statements).toHaveLength(2);
    expect((await scriptOf('\\if :ERROR\n\\i none.sql\n\\endif')).live).toBeDefined();
  });

  it('but not for the sake of an undefined variable', async () => {
    expect((await scriptOf('select a[1:n] from b')).live).toBeUndefined();
  });
});

describe('\\prompt', () => {
  it('is asked while the script is read, once', async () => {
    const questions: string[] = [];
    const ask = (question: string) => {
      questions.push(question);
      return 'me';
    };
    const script = await scriptOf("\\prompt 'who? ' x\nselect :'x';", { ask });
    expect([questions, textsOf(script), script.live]).toEqual([['who? '], ["select 'me'"], undefined]);
  });

  it('is a fault where nobody can be asked, or only the run knows whether to ask', async () => {
    expect(await faultsOf('\\prompt x')).toEqual([expect.stringMatching(/^1:1 \\prompt needs a person/)]);
    const ask = () => 'me';
    expect(await faultsOf('\\if :ERROR\n\\prompt x\n\\endif', { ask })).toHaveLength(1);
    expect(
      await faultsOf('\\if :{?x}\n\\else\n\\prompt x\n\\endif', { variables: new Map([['x', '1']]) }),
    ).toEqual([]);
  });
});

describe('how results are shown', () => {
  it('is remembered of the statements behind a setting', async () => {
    const { statements } = await scriptOf(
      'select 1;\n\\pset format csv\n\\timing on\nselect 2;\n\\pset format aligned\n\\timing off\nselect 3;',
    );
    expect(statements.map(({ show }) => show && [show.print.format, show.timing])).toEqual([
      undefined,
      ['csv', true],
      ['aligned', false],
    ]);
  });

  it('is of one statement only behind \\g and \\gx', async () => {
    const { statements } = await scriptOf('select 1 \\g (format=csv)\nselect 2 \\gx\nselect 3;');
    expect(statements.map(({ show }) => show && [show.print.format, show.print.expanded])).toEqual([
      ['csv', DEFAULT_SHOW.print.expanded],
      ['aligned', expect.not.stringMatching(DEFAULT_SHOW.print.expanded) as unknown],
      undefined,
    ]);
  });

  it.each([
    ['select 1;\n  \\pset format fancy', '2:3'],
    ['\\pset oops 1', '1:1'],
    ['\\timing perhaps', '1:1'],
    ['select 1 \\g (format=fancy)', '1:1'],
  ])('%j is a fault', async (text, place) => {
    const [fault = ''] = await faultsOf(text);
    expect(fault.split(' ')[0]).toBe(place);
  });
});

describe('\\echo, \\warn and \\p', () => {
  it('take their turn among the statements', async () => {
    const { statements } = await scriptOf(
      "\\set v 'x y'\nselect 1;\n\\echo a :v\n\\warn b\n\\echo -n c\nselect 2\n\\p\n;",
    );
    expect(statements.map(({ index, echo, place }) => [index, place.line, echo])).toEqual([
      [0, 2, undefined],
      [1, 3, { to: 'stdout', text: 'a x y\n' }],
      [2, 4, { to: 'stderr', text: 'b\n' }],
      [3, 5, { to: 'stdout', text: 'c' }],
      [4, 7, { to: 'stdout', text: 'select 2\n' }],
      [5, 6, undefined],
    ]);
  });

  it('of the last statement shows it again', async () => {
    const { statements } = await scriptOf('select 1;\n\\p');
    expect(statements[1]?.echo?.text).toBe('select 1;\n');
  });
});

describe('\\copy', () => {
  it('from a file is a COPY whose data are that file', async () => {
    const { statements } = await scriptOf("\n \\copy t (a) from 'b.csv' csv");
    expect(statements).toMatchObject([
      {
        place: { file: 'a.sql', line: 2, column: 2 },
        facts: { node: 'CopyStmt' },
        data: [{ from: { path: 'b.csv' }, name: 'b.csv', span: undefined, line: 1 }],
      },
    ]);
    expect(renderTemplate(statements[0]!.text).text).toBe('COPY  t ( a ) FROM STDIN csv');
  });

  it('from stdin has its data in the script, from pstdin in standard input', async () => {
    const script = await scriptOf("\\copy t from stdin\nit's\n\\.\nselect 1;\n\\copy t from pstdin");
    const [first, , last] = script.statements;
    expect(first?.data).toMatchObject([{ from: { bytes: new Uint8Array(Buffer.from("it's\n")) }, line: 2 }]);
    expect(last?.data).toMatchObject([{ from: { path: '/dev/stdin' } }]);
    expect(script.statements).toHaveLength(3);
  });

  it('to a file says where the data go, and \\cd where that is', async () => {
    const { statements } = await scriptOf(
      "\\copy t to 'b'\n\\cd /c\n\\copy (select 1) to d/e\n\\copy t to stdout",
    );
    expect(statements.map(({ copyTo }) => copyTo)).toEqual(['b', '/c/d/e', undefined]);
  });

  it('that is no COPY is a fault at the command', async () => {
    expect(await faultsOf("select 1;\n\\copy t from 'b' with nonsense\n\\copy t")).toEqual([
      '2:1 \\copy: syntax error at or near "nonsense"',
      '3:1 \\copy: parse error at end of line',
    ]);
    expect(await faultsOf("\\copy t from 'b' with nonsense", { syntaxCheck: false })).toEqual([]);
  });
});

describe('data behind statements', () => {
  it('are those of each COPY in one message', async () => {
    const { statements } = await scriptOf(
      'copy a from stdin \\; copy b from stdin;\n1\n\\.\n2\n\\.\nselect 1;',
    );
    const found = statements.map(({ data }) =>
      data?.map(({ from, line }) => ['bytes' in from && Buffer.from(from.bytes).toString(), line]),
    );
    expect(found).toEqual([
      [
        ['1\n', 2],
        ['2\n', 4],
      ],
      undefined,
    ]);
  });
});

describe('encodings', () => {
  const latin1 = (text: string) => Buffer.from(text, 'latin1');

  it('change from the line behind the command, which sends a SET', async () => {
    const script = await scriptOf(
      latin1("\\encoding LATIN1\nselect '\u00e9';\n\\encoding 'UTF8'\nselect 1;"),
    );
    expect(textsOf(script)).toEqual([
      "set client_encoding to 'LATIN1'",
      "select 'é'",
      "set client_encoding to 'UTF8'",
      'select 1',
    ]);
    expect(script.statements[0]?.place).toEqual({ file: 'a.sql', line: 1, column: 1 });
  });

  it('change with SET, SET NAMES and RESET', async () => {
    const text = latin1(
      "set client_encoding to latin1;\nselect '\u00e9';\nreset client_encoding;\nset names 'LATIN1';\n-- \u00e9\n",
    );
    expect(textsOf(await scriptOf(text))[1]).toBe("select 'é'");
    expect(
      await faultsOf(latin1("set client_encoding to latin1;\nreset client_encoding;\nselect '\u00e9'")),
    ).toHaveLength(1);
  });

  it('begin with that of the session', async () => {
    const session = { encoding: 'LATIN1', standardStrings: true };
    expect(textsOf(await scriptOf(latin1("select '\u00e9'"), { session }))).toEqual(["select 'é'"]);
  });

  it('give positions in characters, and spans in bytes of the script', async () => {
    const { statements } = await scriptOf(latin1("\\encoding LATIN1\nselect '\u00e9'; select 2;"));
    expect(statements.slice(1).map(({ place }) => place.column)).toEqual([1, 13]);
  });
});

describe('strings', () => {
  it('begin with the setting of the session', async () => {
    const session = { encoding: 'UTF8', standardStrings: false };
    expect(textsOf(await scriptOf("select 'a\\';b'; select 2", { session }))).toEqual([
      "select 'a\\';b'",
      'select 2',
    ]);
  });
});

describe('faults', () => {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'pqrun-content-')));
  beforeAll(() => writeFileSync(join(directory, 'b.sql'), 'select 1;\nselect from from;\n'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('in included files stand there, with the command that led to them', async () => {
    const read = await readText(`\n\\i ${directory}/b.sql\nselec 1;`);
    expect(read.ok ? [] : read.diagnostics.map(({ place }) => place)).toEqual([
      { file: `${directory}/b.sql`, line: 2, column: 13, from: { file: 'a.sql', line: 2, column: 1 } },
      { file: 'a.sql', line: 3, column: 1 },
    ]);
  });

  it('of statements and of commands are told in their order', async () => {
    expect(await faultsOf('selec 1;\n\\foo\nselect 1 +; \\bar\n')).toEqual([
      '1:1 syntax error at or near "selec"',
      '2:1 invalid command \\foo',
      '3:11 syntax error at end of input',
      '3:13 invalid command \\bar',
    ]);
  });

  it('are not looked for in text that only the run knows', async () => {
    expect(await faultsOf('select :ROW_COUNT nonsense from from;')).toEqual([]);
  });

  it('a split in a script that is run as a whole is one piece, with a warning', async () => {
    const text = 'select 1 \\gset\n-- pqrun: split rows=10\nselect :lo;';
    expect(await faultsOf(text)).toEqual([expect.stringMatching(/^2:11 this split is one piece/)]);
  });

  it('extra arguments are warnings', async () => {
    expect(await faultsOf('\\set a b\n\\encoding utf8 b')).toEqual([
      '2:1 \\encoding: extra argument "b" ignored',
    ]);
  });
});
