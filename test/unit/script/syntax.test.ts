import { beforeAll, describe, expect, it } from 'vitest';
import { loadParser, type Parser } from '../../../src/script/syntax.js';

let parser: Parser;
beforeAll(async () => {
  parser = await loadParser();
});

describe('the parser', () => {
  it('gives the statements of a text', () => {
    const parsed = parser.parse('select 1; begin');
    expect(parsed.kind === 'parsed' && parsed.nodes.map((node) => Object.keys(node)[0])).toEqual([
      'SelectStmt',
      'TransactionStmt',
    ]);
  });

  it.each(['', ' ', '/* nothing */', '-- nothing'])('finds no statement in %j', (text) => {
    expect(parser.parse(text)).toEqual({ kind: 'parsed', nodes: [] });
  });

  it.each([
    ['selec 1', 1, 'syntax error at or near "selec"'],
    ["select 'é😀', from x", 14, 'syntax error at or near "from"'],
    ['select 1 +', 11, 'syntax error at end of input'],
    ['\u00a0', 1, 'syntax error at or near "\u00a0"'],
  ])('tells the fault in %j, in characters from 1', (text, position, message) => {
    expect(parser.parse(text)).toEqual({ kind: 'wrong', message, position });
  });

  it('quotes only the beginning of a quote that is not closed', () => {
    const parsed = parser.parse(`select 'first line\nsecond line`);
    expect(parsed).toMatchObject({
      message: `unterminated quoted string at or near "'first line…"`,
      position: 8,
    });
    const long = parser.parse(`select '${'x'.repeat(1000)}`);
    expect(long.kind === 'wrong' && long.message.length).toBeLessThan(120);
  });

  it('does not judge a text that is too deep for it, and goes on', () => {
    expect(parser.parse(`select ${'1+'.repeat(100_000)}1`)).toEqual({ kind: 'unknown' });
    expect(parser.parse('select 1').kind).toBe('parsed');
  });
});
