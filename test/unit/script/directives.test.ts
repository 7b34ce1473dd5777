import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, read } from './reading.js';

const NONE = { after: [], barrier: false, noTransaction: false };

function directivesOf(script: string, variables: Readonly<Record<string, string>> = {}) {
  const { statements, faults } = read(script, variables);
  expect(faults).toEqual([]);
  return statements.map(({ directives }) => directives);
}

function faultsOf(script: string, variables: Readonly<Record<string, string>> = {}) {
  return brief(read(script, variables).faults);
}

describe('directives', () => {
  it('speak about the next statement', () => {
    const script = '-- pqrun: label=a\n-- a comment\n\n--pqrun: barrier\nx; y;';
    expect(directivesOf(script)).toEqual([{ ...NONE, label: 'a', barrier: true }, NONE]);
  });

  it('may stand behind a block comment, and behind a statement on its line', () => {
    expect(directivesOf('/* c */ -- pqrun: barrier\nx')).toEqual([{ ...NONE, barrier: true }]);
    expect(directivesOf('x; -- pqrun: barrier\ny')).toEqual([NONE, { ...NONE, barrier: true }]);
  });

  it('may stand together in one comment, with CRLF behind it', () => {
    expect(directivesOf('-- pqrun: split rows=10 into=2 label=b no-transaction timeout=2min\r\nx')).toEqual([
      {
        ...NONE,
        split: { by: 'rows', rows: 10, into: 2, place: { file: 'a.sql', line: 1, column: 11 } },
        label: 'b',
        noTransaction: true,
        timeoutMs: 120_000,
      },
    ]);
  });

  it('take values in quotes, and lists', () => {
    const [directives] = directivesOf('-- pqrun: label="a b" after=x,y after=\'z w\'\nx');
    expect(directives?.label).toBe('a b');
    expect(directives?.after.map(({ label, place }) => [label, place.column])).toEqual([
      ['x', 23],
      ['y', 23],
      ['z w', 33],
    ]);
  });

  it('take counts from variables', () => {
    const [directives] = directivesOf('-- pqrun: split rows=:n size=:größe\nx', { n: '007', größe: '3' });
    expect(directives?.split).toMatchObject({ rows: 7, size: 3 });
  });

  it.each([
    ['reads=a', { reads: ['a'], writes: [] }],
    [`reads=a,s."B,c" writes='"My Table", d'`, { reads: ['a', 's."B,c"'], writes: ['"My Table"', 'd'] }],
    ['writes=none', { reads: [], writes: [] }],
  ])('take names of tables: %s', (said, touches) => {
    expect(directivesOf(`-- pqrun: ${said}\nx`)).toEqual([{ ...NONE, touches }]);
  });

  it.each(['reads=', 'reads=a,', 'writes=,a', 'reads=a..b', 'reads=a.b.c.d', 'writes=f()'])(
    'refuse %s',
    (said) => {
      expect(faultsOf(`-- pqrun: ${said}\nx`)).toHaveLength(1);
    },
  );

  it.each([
    ['250ms', 250],
    ['30', 30_000],
    ['30s', 30_000],
    ['1h', 3_600_000],
  ])('take the time %s', (time, timeoutMs) => {
    expect(directivesOf(`-- pqrun: timeout=${time}\nx`)).toEqual([{ ...NONE, timeoutMs }]);
  });

  it('are nothing in quotes, in values, or without the colon', () => {
    const script =
      "'\n-- pqrun: oops\n'; $$\n-- pqrun: oops\n$$; /*\n-- pqrun: oops\n*/ x; -- pqrun is fine\n:v y";
    expect(faultsOf(script, { v: '-- pqrun: oops' })).toEqual([]);
  });

  it('about the file stand before its first statement', () => {
    const { mode, faults, statements } = read(
      '/* c */\n-- pqrun: file session order=none\n-- pqrun: label=a\nx',
    );
    expect(faults).toEqual([]);
    expect(mode).toEqual({ session: true, order: 'none' });
    expect(statements[0]?.directives.label).toBe('a');
    expect(read('x').mode).toEqual({ session: false, order: undefined });
  });
});

describe('faults in directives', () => {
  it.each([
    ['x;\n-- é pqrun: fine\n-- pqrun: barrierr\ny', '3:11 unknown directive “barrierr”'],
    ['-- pqrun: after=a lable=b\nx', '1:19 unknown directive “lable”'],
    ['é;/*日本*/ -- pqrun: label=é😀 oops\nx', '1:29 unknown directive “oops”'],
    ['-- pqrun: =b\nx', '1:11 a value without a name'],
    ['-- pqrun:\nx', '1:1 this directive says nothing'],
    ['-- pqrun: label=a label=b\nx', '1:19 label is said twice about one statement'],
    ['-- pqrun: barrier\n-- pqrun: barrier\nx', '2:11 barrier is said twice about one statement'],
    ['-- pqrun: label\nx', '1:11 label has no value'],
    ['-- pqrun: label=\nx', '1:11 label has no value'],
    ['-- pqrun: label=a,b\nx', '1:11 “a,b” cannot be a label'],
    ['-- pqrun: after=a,,b\nx', '1:11 the list “a,,b” has an empty label in it'],
    ['-- pqrun: barrier=yes\nx', '1:11 barrier takes no value'],
    ['-- pqrun: label="a b\nx', '1:11 the quoted value of label= does not end with " and a blank'],
    ["-- pqrun: label='a'b\nx", "1:11 the quoted value of label= does not end with ' and a blank"],
    ['-- pqrun: rows=5\nx', '1:11 rows= belongs to split'],
    ['-- pqrun: split\nx', '1:11 split does not say of how many rows'],
    ['-- pqrun: split rows=1 into=2 size=3\nx', '1:31 into= and size= both say how many pieces there are'],
    ['-- pqrun: split rows=:n\nx', '1:17 the variable n of rows= is not defined'],
    ['-- pqrun: timeout=soon\nx', '1:11 timeout= takes a time from 1ms to 2147483647ms, not “soon”'],
    ['-- pqrun: timeout=0\nx', '1:11 timeout= takes a time from 1ms to 2147483647ms, not “0”'],
    ['-- pqrun: timeout=600h\nx', '1:11 timeout= takes a time from 1ms to 2147483647ms, not “600h”'],
    ['x;\n-- pqrun: barrier\n', '2:11 no statement follows this directive'],
    ['x\n-- pqrun: barrier\n;', '2:11 this directive stands inside a statement'],
    ['x;\n-- pqrun: file session\ny', '2:11 a file directive stands behind the first statement'],
    ['-- pqrun: file\nx', '1:11 file does not say what'],
    ['-- pqrun: file sesion\nx', '1:16 unknown directive “file sesion”'],
    ['-- pqrun: file order=fast\nx', '1:16 file order= cannot be “fast”'],
    ['-- pqrun: file session session\nx', '1:24 file session is said twice'],
  ])('%j', (script, fault) => {
    const { faults } = read(script);
    expect(brief(faults)).toEqual([fault]);
    expect(faults[0]?.hint).toBeTruthy();
  });

  it.each(['-1', '1.5', '1e3', '0x10', '1_000', '9007199254740992', 'ten'])('rows=%s', (rows) => {
    expect(faultsOf(`-- pqrun: split rows=${rows}\nx`)).toEqual([
      `1:17 rows= takes a whole number from 0 to 9007199254740991, not “${rows}”`,
    ]);
  });

  it('into=0 and size=0 are faults, rows=0 is none', () => {
    expect(faultsOf('-- pqrun: split rows=0 into=0\nx')).toHaveLength(1);
    expect(faultsOf('-- pqrun: split rows=0 size=0\nx')).toHaveLength(1);
    expect(faultsOf('-- pqrun: split rows=0\nx')).toEqual([]);
  });

  it('say what may have been meant', () => {
    expect(read('-- pqrun: no-transacton\nx').faults[0]?.hint).toContain('did you mean no-transaction?');
    expect(read('-- pqrun: xyzzy\nx').faults[0]?.hint).not.toContain('did you mean');
    expect(read('-- pqrun: file oder=none\nx').faults[0]?.hint).toContain('did you mean order?');
  });

  it('never keep the statement behind them from being read', () => {
    const text = fc.string({ unit: 'grapheme' }).map((comment) => comment.replaceAll(/[\r\n]/g, ' '));
    fc.assert(
      fc.property(text, (comment) => {
        const { statements, texts } = read(`-- pqrun: ${comment}\nx`);
        expect(texts).toEqual(['x']);
        expect(statements).toHaveLength(1);
      }),
    );
  });
});
