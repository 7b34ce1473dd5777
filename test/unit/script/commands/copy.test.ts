import { describe, expect, it } from 'vitest';
import { parseCopy, type CopyFile } from '../../../../src/script/commands/copy.js';

const SCRIPT: CopyFile = { kind: 'script' };
const PROCESS: CopyFile = { kind: 'process' };

function path(text: string): CopyFile {
  return { kind: 'path', path: text };
}

// The SQL is what psql 15 sends, byte for byte.
describe('\\copy', () => {
  it.each([
    ['t from stdin', true, SCRIPT, 'COPY  t FROM STDIN '],
    ['t from STDIN with (format csv)', true, SCRIPT, 'COPY  t FROM STDIN with (format csv)'],
    ['t from pstdin', true, PROCESS, 'COPY  t FROM STDIN '],
    ['t to stdout', false, SCRIPT, 'COPY  t TO STDOUT '],
    ['t TO pstdout', false, PROCESS, 'COPY  t TO STDOUT '],
    ['t from stdout', true, SCRIPT, 'COPY  t FROM STDIN '],
    ["t from 'a b.csv'", true, path('a b.csv'), 'COPY  t FROM STDIN '],
    ["t from 'it''s.csv'", true, path("it's.csv"), 'COPY  t FROM STDIN '],
    ['t from a.csv', true, path('a.csv'), 'COPY  t FROM STDIN '],
    ['t from a.csv;', true, path('a.csv'), 'COPY  t FROM STDIN ;'],
    ["t from 'a.csv' ;", true, path('a.csv'), 'COPY  t FROM STDIN ;'],
    ['t from a.csv  csv  header', true, path('a.csv'), 'COPY  t FROM STDIN  csv  header'],
    ['s.t from a', true, path('a'), 'COPY  s.t FROM STDIN '],
    ['s . t from a', true, path('a'), 'COPY  s.t FROM STDIN '],
    ['"S x"."t.""u" from a', true, path('a'), 'COPY  "S x"."t.""u" FROM STDIN '],
    ['t (a, "b c") from a', true, path('a'), 'COPY  t ( a, "b c" ) FROM STDIN '],
    ['t(a) from a', true, path('a'), 'COPY  t ( a ) FROM STDIN '],
    ['binary t from a', true, path('a'), 'COPY binary t FROM STDIN '],
    ["(select ')' , (1)) to a", false, path('a'), "COPY  ( select ')' , ( 1 ) ) TO STDOUT "],
    ['(select \':v\', :v) to "a"', false, path('"a"'), "COPY  ( select ':v' , :v ) TO STDOUT "],
    ['t; from a', true, path('a'), 'COPY  t; FROM STDIN '],
    ['"t"from a', true, path('a'), 'COPY  "t" FROM STDIN '],
    ["t from 'a", true, path('a'), 'COPY  t FROM STDIN '],
    ["t from 'a'csv", true, path('a'), 'COPY  t FROM STDIN csv'],
    ['t  from\tstdin\tcsv', true, SCRIPT, 'COPY  t FROM STDIN csv'],
    ['"(x" (")") from a', true, path('a'), 'COPY  "(x" ( ")" ) FROM STDIN '],
    ['(values (1)) (a) to a', false, path('a'), 'COPY  ( values ( 1 ) ) ( a ) TO STDOUT '],
    ['t from :v', true, path(':v'), 'COPY  t FROM STDIN '],
  ])('%s', (text, from, file, sql) => {
    expect(parseCopy(text)).toEqual({ ok: true, copy: { from, file, sql } });
  });

  it.each([
    ['', 'at end of line'],
    ['t', 'at end of line'],
    ['t from', 'at end of line'],
    ['t (a from', 'at end of line'],
    ['(select 1', 'at end of line'],
    ['s. from a', 'at "a"'],
    ['t into a', 'at "into"'],
    ['a.b.c from a', 'at "."'],
  ])('%j is a fault: parse error %s', (text, where) => {
    expect(parseCopy(text)).toEqual({ ok: false, message: `\\copy: parse error ${where}`, isShell: false });
  });

  it.each(["t from program 'ls'", "t to PROGRAM 'tee x' csv"])('never runs a shell command: %s', (text) => {
    expect(parseCopy(text)).toMatchObject({ ok: false, isShell: true });
  });
});
