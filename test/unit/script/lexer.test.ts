import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { split } from './reading.js';

// What is expected here is what psql 15 sends, but for the `;` at the end.
describe('where statements end', () => {
  const cases: readonly (readonly [name: string, script: string, texts: readonly string[]])[] = [
    ['at each semicolon', 'a; b;c', ['a', 'b', 'c']],
    ['not in a string', "select 'a;b'; c", ["select 'a;b'", 'c']],
    ['doubled quotes', "select 'it''s;'; c", ["select 'it''s;'", 'c']],
    ['a backslash is nothing in a string', "select 'a\\'; c", ["select 'a\\'", 'c']],
    ['but escapes in an E string', "select E'a\\';b'; c", ["select E'a\\';b'", 'c']],
    ['and in e string', "select e'a\\\\'; c", ["select e'a\\\\'", 'c']],
    ['an e that ends a name makes no E string', "select name'a\\'; c", ["select name'a\\'", 'c']],
    ['neither does one that touches a number', "select 1e'a\\'; c", ["select 1e'a\\'", 'c']],
    ['N, B, X and U& strings', "n'\\';b';';x';';u&'\\';", ["n'\\'", "b';'", "x';'", "u&'\\'"]],
    ['quoted identifiers', 'select "a;""b"; u&"c;";', ['select "a;""b"', 'u&"c;"']],
    [
      'dollar quotes',
      'select $$a;$$; $a$ $b$ ; $$ $A$ $a$; c',
      ['select $$a;$$', '$a$ $b$ ; $$ $A$ $a$', 'c'],
    ],
    ['a tag in another tag', 'select $a$ $x$a$; b', ['select $a$ $x$a$', 'b']],
    ['non-ASCII tags', 'select $é$;$é$; b', ['select $é$;$é$', 'b']],
    ['no dollar quote in a name', 'select a$$; b$x$; é$$;', ['select a$$', 'b$x$', 'é$$']],
    ['parameters are no dollar quotes', 'select $1; $1$;', ['select $1', '$1$']],
    ['an open tag', 'select $a ; b', ['select $a ', 'b']],
    ['block comments nest', 'a /* ; /* ; */ ; */ b; c', ['a /* ; /* ; */ ; */ b', 'c']],
    ['a comment in an operator', 'select 1 +/*;*/ 2; b', ['select 1 +/*;*/ 2', 'b']],
    ['a line comment in an operator', 'select 1 *--;\n 2; b', ['select 1 *--;\n 2', 'b']],
    ['a carriage return ends a line comment', 'a --;\rb; c', ['a --;\rb', 'c']],
    ['parentheses', 'create rule r do (a; b); c', ['create rule r do (a; b)', 'c']],
    ['a parenthesis too many', 'a); (b); c', ['a)', '(b)', 'c']],
    ['a backslash before it', 'a\\; b; c', ['a; b', 'c']],
  ];
  it.each(cases)('%s', (_, script, texts) => {
    expect(split(script)).toEqual(texts);
  });
});

describe('bodies of routines', () => {
  it('keep their semicolons between BEGIN and END', () => {
    const body = 'create or replace FUNCTION f() returns int BEGIN ATOMIC select 1; select 2; END';
    expect(split(`${body}; b`)).toEqual([body, 'b']);
  });

  it('may hold CASE … END', () => {
    const body = 'create procedure p() begin atomic select case when a then b end; end';
    expect(split(`${body}; b`)).toEqual([body, 'b']);
  });

  it('are not opened by CASE, by other statements, or inside parentheses', () => {
    const scripts = [
      'create function f() return case when a then 1 end',
      'begin',
      'create table case_begin (begin int)',
    ];
    expect(split(scripts.join(';'))).toEqual(scripts);
    expect(split('create function f(begin int) as x; b')).toEqual(['create function f(begin int) as x', 'b']);
  });

  it('are not opened by quoted words', () => {
    expect(split('create "function" f begin; b')).toEqual(['create "function" f begin', 'b']);
  });
});

describe('strings that go on', () => {
  it('are forgotten at the end of a line: there they go on as ordinary strings', () => {
    expect(split("select E'a'\n  'b\\'; c")).toEqual(["select E'a'\n  'b\\'", 'c']);
    expect(split("select E'a' -- x\n\n 'b\\'; c")).toEqual(["select E'a' -- x\n 'b\\'", 'c']);
  });

  it('behind a line break inside one input, a value, are the same kind of string', () => {
    expect(split(':v; d', { v: "select E'a'\n  'b\\';c'" })).toEqual(["select E'a'\n  'b\\';c'", 'd']);
    expect(split(':v; d', { v: "select E'a' -- x\n 'b\\';c'" })).toEqual([
      "select E'a' -- x\n 'b\\';c'",
      'd',
    ]);
  });

  it('behind a carriage return, which is no end of a line to the reader, too', () => {
    expect(split("select E'a'\r'b\\';c'; d")).toEqual(["select E'a'\r'b\\';c'", 'd']);
  });

  it('do not go on without one, or behind a token', () => {
    expect(split("select E'a' 'b\\'; d")).toEqual(["select E'a' 'b\\'", 'd']);
    expect(split("select E'a'\n,'b\\'; d")).toEqual(["select E'a'\n,'b\\'", 'd']);
    expect(split("select E'a'\n/**/'b\\'; d")).toEqual(["select E'a'\n/**/'b\\'", 'd']);
  });
});

describe('any text', () => {
  const pieces = [
    "'",
    '"',
    '$$',
    '$a$',
    '/*',
    '*/',
    '--',
    ';',
    '(',
    ')',
    '\\',
    ':',
    ':a',
    'E',
    'u&',
    '\n',
    '\r',
    'é',
    '😀',
    '1.',
  ];
  const garbage = fc.array(
    fc.oneof(fc.constantFrom(...pieces, ' ', 'begin ', 'end '), fc.string({ unit: 'grapheme' })),
  );

  it('is read to its end', () => {
    fc.assert(
      fc.property(garbage, fc.string(), (parts, value) => {
        const texts = split(parts.join(''), { a: value });
        expect(texts.every((text) => text !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reads the same in one line as with each statement on its own', () => {
    const statement = fc
      .array(fc.constantFrom("'a;b'", '"c;d"', '$q$;$q$', '/*;*/', '(;)', "E'\\';'", ' x ', '1'), {
        minLength: 1,
      })
      .map((parts) => `x ${parts.join(' ')}`);
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(split(statements.join(';'))).toEqual(statements);
        expect(split(statements.join(';\n'))).toEqual(statements);
      }),
    );
  });
});
