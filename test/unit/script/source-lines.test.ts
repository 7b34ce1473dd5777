import { expect, it } from 'vitest';
import { SourceLines } from '../../../src/script/source-lines.js';

it('lines have numbers, ends without the line feed, and columns in any order', () => {
  const lines = new SourceLines(Buffer.from('\uFEFFé😀x\r\n\n\\.\r\nlast'));
  const first = lines.next();
  expect(first).toMatchObject({ start: 3, end: 11, number: 1 });
  expect([3, 9, 10, 5, 11, 3].map((position) => first?.column(position))).toEqual([1, 3, 4, 2, 5, 1]);
  expect(lines.next()?.isEmpty).toBe(true);
  const third = lines.next();
  expect(['\\.', '\\', '\\..'].map((text) => third?.is(text))).toEqual([true, false, false]);
  expect(lines.next()).toMatchObject({ number: 4, end: 21 });
  expect(lines.next()).toBeUndefined();
});
