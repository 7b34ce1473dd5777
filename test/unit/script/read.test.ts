import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Script } from '../../../src/model/script.js';
import { DEFAULT_READING, readScripts, type ReadOptions } from '../../../src/script/read.js';
import { renderTemplate } from '../../../src/script/template.js';
import { brief } from './reading.js';

async function readAll(scripts: readonly (string | Uint8Array)[], options: Partial<ReadOptions> = {}) {
  const sources = scripts.map((script, index) => ({ name: `${index}.sql`, bytes: Buffer.from(script) }));
  return readScripts(sources, { ...DEFAULT_READING, ...options });
}

async function scriptOf(text: string, options: Partial<ReadOptions> = {}): Promise<Script> {
  const read = await readAll([text], options);
  expect(read).toMatchObject({ ok: true, warnings: [] });
  return read.ok ? read.value[0]! : expect.unreachable();
}

async function faultsOf(text: string | Uint8Array, options: Partial<ReadOptions> = {}) {
  const read = await readAll([text], options);
  return read.ok ? [] : read.diagnostics;
}

describe('a script', () => {
  it('is its statements, with place, span, text, directives and facts', async () => {
    const script = await scriptOf('-- pqrun: label=a\nselect 1;\n\n set x.y = 2;');
    expect(script).toMatchObject({ id: 0, name: '0.sql', stage: undefined, mode: { session: false } });
    expect(script.statements).toEqual([
      {
        index: 0,
        place: { file: '0.sql', line: 2, column: 1 },
        span: { start: 18, end: 26 },
        text: [{ kind: 'source', text: 'select 1', line: 2, column: 1 }],
        directives: { label: 'a', after: [], barrier: false, noTransaction: false },
        facts: { node: 'SelectStmt', count: 1, control: 'none', alone: false, session: 'none' },
        terminated: true,
      },
      {
        index: 1,
        place: { file: '0.sql', line: 4, column: 2 },
        span: { start: 30, end: 41 },
        text: [{ kind: 'source', text: 'set x.y = 2', line: 4, column: 2 }],
        directives: { after: [], barrier: false, noTransaction: false },
        facts: {
          node: 'VariableSetStmt',
          count: 1,
          control: 'none',
          alone: false,
          session: 'setting',
          setting: 'x.y',
        },
        terminated: true,
      },
    ]);
  });

  it('may be empty', async () => {
    expect((await scriptOf('')).statements).toEqual([]);
    expect((await scriptOf('-- nothing\n;;')).statements).toEqual([]);
  });

  it('is read with the setting of standard_conforming_strings that it makes, from the next line on', async () => {
    const { statements } = await scriptOf(
      "set standard_conforming_strings = off;\nselect 'a\\';b'; select 2;",
    );
    expect(statements.map(({ text }) => renderTemplate(text).text)).toEqual([
      'set standard_conforming_strings = off',
      "select 'a\\';b'",
      'select 2',
    ]);
  });
});

describe('faults', () => {
  it('of all statements of all scripts are found, in their order', async () => {
    const read = await readAll(["select 1 from from;\nselect 2;\n  'x' y;", 'select 1;', 'selec é;']);
    expect(read.ok ? [] : read.diagnostics.map(({ place }) => place)).toEqual([
      { file: '0.sql', line: 1, column: 15 },
      { file: '0.sql', line: 3, column: 3 },
      { file: '2.sql', line: 1, column: 1 },
    ]);
  });

  it('show the line and the caret', async () => {
    const [fault] = await faultsOf("\uFEFFselect 'é😀'\r\n, 日本 from from\r\n;");
    expect(fault).toMatchObject({
      severity: 'error',
      message: 'syntax error at or near "from"',
      place: { line: 2, column: 11 },
      excerpt: { text: ', 日本 from from', column: 11 },
    });
  });

  it('in a value are shown where the variable is used', async () => {
    const faults = await faultsOf('select\n  :v', { variables: new Map([['v', '1 from\nfrom']]) });
    expect(brief(faults)).toEqual(['2:3 syntax error at or near "from"']);
  });

  it('with undefined variables name them and how to define them', async () => {
    const [fault] = await faultsOf('select :rows + :x');
    expect(fault?.message).toBe('syntax error at or near ":"; :rows, :x are not defined');
    expect(fault?.hint).toContain('-v rows=value -v x=value');
    expect(fault?.hint).toContain('-- pqrun: split rows=N');
    expect(await faultsOf('select a[1:n], b[2:3] from c')).toEqual([]);
  });

  it('do not come from a statement that the parser does not know, when nothing is to be checked', async () => {
    const { statements } = await scriptOf('begin;\nfrobnicate now;\ncommit', { syntaxCheck: false });
    expect(statements.map(({ facts }) => [facts.node, facts.control])).toEqual([
      ['TransactionStmt', 'begin'],
      ['', 'none'],
      ['TransactionStmt', 'commit'],
    ]);
  });

  it.each([true, false])(
    'the data of COPY FROM STDIN are data, not SQL (checked: %s)',
    async (syntaxCheck) => {
      const data = "it's;\t\\N\n\\.x\n";
      const script = `copy a from stdin; select 1;\n${data}\\.\r\nselect 2;\ncopy b from stdin;\n\\.\ncopy c from stdin;\n'`;
      const [made] = await scriptsOf([{ name: 'x.sql', bytes: Buffer.from(script) }], { syntaxCheck });
      const found = made?.statements.map(({ place, data }) => [
        place.line,
        data?.map(({ from }) => ('bytes' in from ? Buffer.from(from.bytes).toString() : from.path)),
        data?.map(({ line }) => line),
      ]);
      expect(found).toEqual([
        [1, [data], [2]],
        [1, undefined, undefined],
        [5, undefined, undefined],
        [6, [''], [7]],
        [8, ["'"], [9]],
      ]);
    },
  );

  it('a faulty COPY FROM STDIN takes its data with it', async () => {
    const unknown = "copy a from stdin with bogus words;\nit's\n\\.\nselect 2;";
    expect(await faultsOf(unknown)).toHaveLength(1);
  });

  it('data need not be UTF-8, statements must', async () => {
    const latin1 = Buffer.from("copy a from stdin;\n\u00e9\n\\.\nselect 'e'", 'latin1');
    expect(await scriptsOf([{ name: 'x.sql', bytes: latin1 }])).toHaveLength(1);
    const wrong = await readScripts(
      [{ name: 'x.sql', bytes: Buffer.concat([latin1, Buffer.from(";select '\u00e9'", 'latin1')]) }],
      DEFAULT_READING,
    );
    expect(wrong.ok ? [] : wrong.diagnostics.map(({ place }) => place?.line)).toEqual([4]);
  });
});

async function scriptsOf(
  sources: Parameters<typeof readScripts>[0],
  { syntaxCheck = true }: { readonly syntaxCheck?: boolean } = {},
): Promise<readonly Script[]> {
  const read = await readScripts(sources, { ...DEFAULT_READING, syntaxCheck });
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  return read.value;
}

describe('splits', () => {
  const split = '-- pqrun: split rows=10\n';

  it('are checked with values in their slots', async () => {
    const text = `${split}insert into a select g, :'job' from generate_series(:lo, :hi) g limit :rows`;
    const { statements } = await scriptOf(text);
    expect(statements[0]?.facts.node).toBe('InsertStmt');
    expect(brief(await faultsOf(`${split}insert into a :lo`))).toEqual(['2:15 syntax error at or near "1"']);
  });

  it('of statements that use no slot are faults', async () => {
    const [fault] = await faultsOf(`${split}insert into a select 1`);
    expect(fault?.place).toMatchObject({ line: 1, column: 11 });
    expect(fault?.message).toContain('do the whole work again');
  });

  it('keep their slots although the run defines variables of the same names', async () => {
    const { statements } = await scriptOf(`${split}select :rows`, { variables: new Map([['rows', '5']]) });
    expect(renderTemplate(statements[0]!.text, { rows: '3' }).text).toBe('select 3');
  });

  it.each(['create table a as select :lo', 'select :lo into a', 'begin', 'set a.b = :lo'])(
    'of %s are faults',
    async (text) => {
      const messages = (await faultsOf(split + text)).map(({ message }) => message);
      expect(messages).toContain('this statement cannot be split');
    },
  );
});

describe('files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'pqrun-read-'));
  beforeAll(() => {
    writeFileSync(join(directory, 'a.sql'), 'select 1');
    mkdirSync(join(directory, 'b.sql'));
  });
  afterAll(() => {
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true });
  });

  it('are read from their path', async () => {
    const read = await readScripts(
      [{ name: 'a.sql', path: join(directory, 'a.sql'), stage: 10 }],
      DEFAULT_READING,
    );
    expect(read).toMatchObject({
      ok: true,
      value: [{ name: 'a.sql', stage: 10, statements: [{ index: 0 }] }],
    });
  });

  it('that cannot be read are faults, each with its cause and remedy', async () => {
    const sources = ['b.sql', 'c.sql'].map((name) => ({ name, path: join(directory, name) }));
    const read = await readScripts(sources, DEFAULT_READING);
    const faults = read.ok ? [] : read.diagnostics;
    expect(faults.map(({ message }) => message)).toEqual([
      'cannot read b.sql: it is a directory',
      'cannot read c.sql: no such file',
    ]);
    expect(faults.every(({ hint }) => hint !== undefined)).toBe(true);
  });

  it.each([
    ['Latin-1', Buffer.from("a;\nselect 'é\xe9';", 'latin1'), '2:9 byte 0xe9 at offset 11 is not UTF-8'],
    ['cut in a character', Buffer.from('日本').subarray(0, 5), '1:2 byte 0xe6 at offset 3 is not UTF-8'],
    ['UTF-16', Buffer.from('\uFEFFselect', 'utf16le'), '1:1 byte 0xff at offset 0 is not UTF-8'],
    [
      'UTF-16 without a mark',
      Buffer.from('se', 'utf16le'),
      '1:2 a zero byte at offset 1: this is not UTF-8 text',
    ],
  ])('that are not UTF-8 are faults: %s', async (_, bytes, fault) => {
    const faults = await faultsOf(bytes);
    expect(brief(faults)).toEqual([fault]);
    expect(faults[0]?.hint).toContain('iconv');
  });
});
