import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brief, read, split } from './reading.js';

describe('what is sent', () => {
  it('leaves out white space and line comments before the first token', () => {
    expect(split('\n\n -- hello;\n\t select 1 ; -- bye\n')).toEqual(['select 1 ']);
  });

  it('keeps block comments there, and line comments behind them', () => {
    expect(split('/* a */ -- b\n select 1;')).toEqual(['/* a */ -- b\n select 1']);
  });

  it('leaves out blank lines, but not in quotes and block comments', () => {
    expect(split('select\n\n\n1;')).toEqual(['select\n1']);
    expect(split("select '\n\n'; /*\n\n*/ a;")).toEqual(["select '\n\n'", '/*\n\n*/ a']);
  });

  it('does not send statements without a token', () => {
    expect(split(';; /* a */ ; -- b\n;')).toEqual([]);
    expect(split('')).toEqual([]);
  });

  it('needs no semicolon at the end of the script', () => {
    expect(split('a; b\n')).toEqual(['a', 'b']);
    expect(split('a; b -- c')).toEqual(['a', 'b -- c']);
  });

  it('keeps carriage returns, vertical tabs and non-breaking spaces as they are', () => {
    expect(split('a\r\n b;\r\n\v\u00a0;')).toEqual(['a\r\n b', '\v\u00a0']);
  });

  it('skips a byte order mark at the start only', () => {
    expect(split('\uFEFFa; \uFEFFb')).toEqual(['a', '\uFEFFb']);
  });
});

describe('places and spans', () => {
  it('count lines and characters from 1', () => {
    const { statements } = read('\uFEFF  é😀; b;\r\n\n  c\n');
    expect(statements.map(({ at }) => at)).toEqual([
      { line: 1, column: 3 },
      { line: 1, column: 7 },
      { line: 3, column: 3 },
    ]);
    expect(statements[0]?.span).toEqual({ start: 5, end: 11 });
  });

  it('take a statement that a value begins to stand where the variable is used', () => {
    const { statements } = read('\n :q (2);', { q: 'a; b' });
    expect(statements.map(({ at }) => at)).toEqual([
      { line: 2, column: 2 },
      { line: 2, column: 2 },
    ]);
    expect(statements.map(({ span }) => span)).toEqual([
      { start: 2, end: 4 },
      { start: 4, end: 8 },
    ]);
  });

  const token = fc.constantFrom(
    'select',
    "'a;''b'",
    "E'\\';'",
    '"q;"',
    '$$;$$',
    '$é$ ; $é$',
    '/* ; /* */ */',
    '-- c;\n',
    '(a;b)',
    'é',
    '日本',
    '😀',
    '1.5',
    '\r\n',
    '\n',
    '\n\n',
    ' ',
    '\t',
    ';',
    ';',
    '::',
    ':v',
    ':u',
    ':=',
    "U&'x'",
    '\u00a0',
  );

  it('spans are in order, lie in the file, and have only white space, comments and semicolons between them', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        const script = tokens.join(' ');
        const bytes = Buffer.from(script);
        let end = 0;
        const { statements } = read(script, { v: 'value' });
        for (const { span } of statements) {
          expect(span.start).toBeGreaterThanOrEqual(end);
          expect(span.end).toBeGreaterThan(span.start);
          expect(bytes.toString('utf8', end, span.start).replaceAll(GAP, '')).toBe('');
          end = span.end;
        }
        expect(end).toBeLessThanOrEqual(bytes.length);
        expect(bytes.toString('utf8', end).replaceAll(GAP, '')).toBe('');
      }),
      { numRuns: 500 },
    );
  });
  const GAP = /\/\* ; \/\* \*\/ \*\/|--[^\r\n]*|[ \t\r\n;]/g;
});

describe('variables', () => {
  it('are replaced in their four forms', () => {
    const text = ':a, :\'a\', :"a", :{?a}, :{?b}';
    expect(split(text, { a: 'x' })).toEqual(['x, \'x\', "x", TRUE, FALSE']);
  });

  it('are left alone in quotes, dollar quotes and comments', () => {
    const text = '\':a\' ":a" $$:a$$ /*:a*/ x --:a';
    expect(split(text, { a: 'x' })).toEqual([text]);
  });

  it('are no casts, assignments, or anything without a name', () => {
    const text = "x::a, y:=a, :, : a, :{a}, :{?a, :'a, b'";
    expect(split(text, { a: 'x' })).toEqual([text]);
    expect(split('x:::a', { a: 'y' })).toEqual(['x::y']);
  });

  it('stay as they are written when nobody defined them, and are remembered', () => {
    const { texts, statements } = read(':b, :\'b\', a[1:2], :"ü"; :b', {});
    expect(texts).toEqual([':b, :\'b\', a[1:2], :"ü"', ':b']);
    expect(statements.map(({ undefinedVariables }) => undefinedVariables)).toEqual([['b', '2', 'ü'], ['b']]);
  });

  it('with names of object properties are ordinary ones', () => {
    expect(split(':{?constructor} :__proto__ :{?toString}')).toEqual(['FALSE :__proto__ FALSE']);
  });

  it('may hold the end of a statement', () => {
    expect(split('a :s b :s c', { s: ';' })).toEqual(['a ', ' b ', ' c'].map((text) => text.trimStart()));
  });

  it('may open a quote that the script closes', () => {
    expect(split(":q ; ' b; c", { q: "select '" })).toEqual(["select ' ; ' b", 'c']);
  });

  it('may hold variables, but not themselves', () => {
    const { texts, faults } = read(':a; :b', { a: 'x :b', b: 'y :b' });
    expect(texts).toEqual(['x y :b', 'y :b']);
    expect(faults.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  it('end a comment with their value', () => {
    expect(split('a :c b;', { c: '--' })).toEqual(['a -- b']);
  });

  it('of a piece are slots in a statement that is split, and only there', () => {
    const { statements, texts } = read(
      '-- pqrun: split rows=10\nx :lo, :\'hi\', :"job", :{?jobs}, :other;\ny :lo',
      { lo: '7', other: 'o' },
    );
    expect(texts).toEqual(['x :lo, :\'hi\', :"job", FALSE, o', 'y 7']);
    expect(statements[0]?.text.filter(({ kind }) => kind === 'slot')).toEqual([
      { kind: 'slot', name: 'lo', form: 'plain', line: 2, column: 3 },
      { kind: 'slot', name: 'hi', form: 'literal', line: 2, column: 8 },
      { kind: 'slot', name: 'job', form: 'identifier', line: 2, column: 15 },
      { kind: 'slot', name: 'jobs', form: 'test', line: 2, column: 23 },
    ]);
  });
});

describe('meta-commands', () => {
  it('that nobody knows are refused at their place, and the next line is read on', () => {
    const { texts, faults } = read("a;\n  \\foo x 'y;'\nb;");
    expect(texts).toEqual(['a', 'b']);
    expect(brief(faults)).toEqual(['2:3 invalid command \\foo']);
    expect(faults[0]?.excerpt).toEqual({ text: "  \\foo x 'y;'", column: 3 });
  });

  it('take their arguments with them', () => {
    const { texts, faults, variables } = read("a;\n  \\set x 'y;'\n:x b;");
    expect([texts, faults]).toEqual([['a', 'y', 'b'], []]);
    expect(variables.get('x')).toBe('y;');
  });

  it('that send a statement take it with them', () => {
    const { statements, texts, faults } = read('select (1 \\gset p_\nb;\nselect 2\\g\nc');
    expect(faults).toEqual([]);
    expect(texts).toEqual(['select (1 ', 'b', 'select 2', 'c']);
    expect(statements.map(({ how, terminated }) => [how.kind, terminated])).toEqual([
      ['gset', false],
      ['plain', true],
      ['plain', false],
      ['plain', false],
    ]);
  });

  it('that send a statement again do so only when nothing is open', () => {
    expect(split('a; \\g\n\\g\nb; \\g')).toEqual(['a', 'a', 'a', 'b', 'b']);
    expect(split('\\g')).toEqual([]);
    expect(split('a; ; \\g')).toEqual(['a']);
  });

  it('that throw a statement away leave nothing of it, and quotes are closed', () => {
    const { texts, statements } = read('select ( :u \\r\nb; c\\r\nd;');
    expect(texts).toEqual(['b', 'd']);
    expect(statements[0]?.undefinedVariables).toEqual([]);
  });

  it('on a line of their own leave the line break before them out of the statement', () => {
    expect(split('a\n\\g\nb\n \\g')).toEqual(['a', 'b\n ']);
  });

  it('separated by two backslashes stand on one line, with SQL behind them', () => {
    const { texts, variables } = read('\\set x 1 \\\\ \\set y 2 \\\\ select :x, :y;');
    expect(texts).toEqual(['select 1, 2']);
    expect(variables.get('y')).toBe('2');
  });

  it('in a value are obeyed, and refused where the variable is used', () => {
    expect(split('a;\n :v b', { v: '\\r' })).toEqual(['a', 'b']);
    expect(brief(read('a;\n :v b', { v: '\\foo' }).faults)).toEqual(['2:2 invalid command \\foo']);
  });
});

describe('long scripts', () => {
  it('may have any number of blank lines', () => {
    expect(split(`${'\n'.repeat(200_000)}a`)).toEqual(['a']);
  });

  it('may have all statements on one line', () => {
    const { statements } = read('é;'.repeat(20_000));
    expect(statements.at(-1)?.at).toEqual({ line: 1, column: 39_999 });
  });
});
