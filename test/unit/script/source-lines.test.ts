import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodingNamed } from '../../../src/script/encodings.js';
import { memoryBytes } from '../../../src/script/script-bytes.js';
import { SourceLines } from '../../../src/script/source-lines.js';
import { dripping } from './dripping.js';

function linesOf(text: string | Uint8Array): SourceLines {
  return new SourceLines(memoryBytes(Buffer.from(text)));
}

describe('lines', () => {
  it('have numbers, ends without the line feed, and columns in any order', () => {
    const lines = linesOf('\uFEFFé😀x\r\n\n\\.\r\nlast');
    const first = lines.next();
    expect(first).toMatchObject({ start: 3, end: 11, number: 1, text: 'é😀x\r' });
    expect([3, 9, 10, 5, 11, 3].map((position) => first?.column(position))).toEqual([1, 3, 4, 2, 5, 1]);
    expect(lines.next()?.isEmpty).toBe(true);
    expect(lines.next()?.text).toBe('\\.\r');
    const last = lines.next();
    expect(last?.number).toBe(4);
    expect(last?.offsetOf(last.end)).toBe(21);
    expect(lines.next()).toBeUndefined();
    expect(lines.next()).toBeUndefined();
  });

  it.each([
    ['', []],
    ['\n', ['']],
    ['\uFEFF', []],
    ['\uFEFF\n\uFEFF', ['', '\uFEFF']],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
    ['a\rb\r\n', ['a\rb\r']],
    ['\0\n\0', ['\0', '\0']],
  ])('of %j are %j', (text, expected) => {
    const lines = linesOf(text);
    const found: string[] = [];
    for (let line = lines.next(); line !== undefined; line = lines.next()) found.push(line.text);
    expect(found).toEqual(expected);
  });

  it('are the same however few bytes the source gives at a time', () => {
    const script = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r', '\uFEFF', ';') });
    fc.assert(
      fc.property(script, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }), (text, sizes) => {
        const bytes = Buffer.from(text);
        const lines = new SourceLines(dripping(bytes, sizes));
        const body = text.replace(/^\uFEFF/u, '');
        const expected = body.replace(/\n$/, '').split('\n');
        let offset = bytes.length - Buffer.byteLength(body);
        for (const [index, wanted] of (body === '' ? [] : expected).entries()) {
          const line = lines.next();
          expect(line?.text).toBe(wanted);
          expect(line?.number).toBe(index + 1);
          expect(line?.offsetOf(line.start)).toBe(offset);
          expect(line?.offsetOf(line.end)).toBe(offset + Buffer.byteLength(wanted));
          offset += Buffer.byteLength(wanted) + 1;
        }
        expect(lines.next()).toBeUndefined();
      }),
    );
  });
});

describe('lines in another encoding', () => {
  const latin1 = encodingNamed('LATIN1');
  const decode = typeof latin1 === 'string' ? expect.unreachable() : latin1.decode;

  it('are UTF-8, keep the offsets of the script at their ends, and can be mixed with others', () => {
    const lines = linesOf(Buffer.from('a\n\xe9\xe8;\nb', 'latin1'));
    expect(lines.next()?.text).toBe('a');
    const line = lines.next(decode);
    expect(line).toMatchObject({ text: 'éè;', number: 2 });
    expect([line?.offsetOf(line.start), line?.offsetOf(line.end), line?.offsetOf(line.end + 1)]).toEqual([
      2, 5, 6,
    ]);
    expect(line?.column(line.end)).toBe(4);
    expect(line?.bytes[line.end]).toBe(0x0a);
    const last = lines.next();
    expect(last).toMatchObject({ text: 'b', number: 3 });
    expect(last?.offsetOf(last.start)).toBe(6);
  });
});
