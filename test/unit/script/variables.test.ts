import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadParser } from '../../../src/script/syntax.js';
import { quoteIdentifier, quoteLiteral, substitute } from '../../../src/script/variables.js';

describe('values of variables', () => {
  it.each([
    ['plain', 'a b', 'a b'],
    ['literal', "it's", "'it''s'"],
    ['literal', 'a\\b', " E'a\\\\b'"],
    ['identifier', 'a"b', '"a""b"'],
    ['test', '', 'TRUE'],
  ] as const)('%s', (form, value, text) => {
    expect(substitute({ name: 'v', form }, value)).toBe(text);
  });

  it('are not needed', () => {
    const forms = ['plain', 'literal', 'identifier', 'test'] as const;
    const texts = forms.map((form) => substitute({ name: 'v', form }, undefined));
    expect(texts).toEqual([':v', ":'v'", ':"v"', 'FALSE']);
  });

  it('quoted, mean themselves to the parser', async () => {
    const parser = await loadParser();
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(value, (text) => {
        const parsed = parser.parse(`select ${quoteLiteral(text)} as ${quoteIdentifier(text)}`);
        const json = JSON.stringify(parsed);
        expect(parsed.kind).toBe('parsed');
        expect(json).toContain(`{"sval":${JSON.stringify(text)}}`);
        // Names are cut at 63 bytes.
        if (Buffer.byteLength(text) <= 63) expect(json).toContain(`"name":${JSON.stringify(text)}`);
      }),
    );
  });
});
