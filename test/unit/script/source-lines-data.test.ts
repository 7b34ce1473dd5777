import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fileBytes, memoryBytes, type ScriptBytes } from '../../../src/script/script-bytes.js';
import { SourceLines, type PassedLines } from '../../../src/script/source-lines.js';
import { dripping } from './dripping.js';

const directory = mkdtempSync(join(tmpdir(), 'pqrun-lines-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface NaiveLine {
  readonly start: number;
  /** Behind its line feed, if it has one. */
  readonly behind: number;
  readonly text: string;
}

/** All lines of a script, the plain way. */
function naiveLines(bytes: Buffer): readonly NaiveLine[] {
  const lines: NaiveLine[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf('\n', start);
    const behind = found < 0 ? bytes.length : found + 1;
    lines.push({ start, behind, text: bytes.toString('latin1', start, behind) });
    start = behind;
  }
  return lines;
}

/** What `passData` is to return after so many lines, and the line that comes next. */
function naivePass(
  bytes: Buffer,
  before: number,
): { readonly passed: Omit<PassedLines, 'cuts'>; readonly next: number } {
  const lines = naiveLines(bytes);
  const first = Math.min(before, lines.length);
  const marker = lines.findIndex(({ text }, index) => index >= first && /^\\\.\r?\n$/.test(text));
  const passed = {
    start: lines[first]?.start ?? bytes.length,
    end: lines[marker]?.start ?? bytes.length,
    line: first + 1,
  };
  return { passed, next: marker < 0 ? lines.length : marker + 1 };
}

function check(bytes: Buffer, source: ScriptBytes, before: number): void {
  const lines = new SourceLines(source);
  for (let skipped = 0; skipped < before; skipped++) lines.next();
  const { passed, next } = naivePass(bytes, before);
  expect(lines.passData()).toMatchObject(passed);
  const expected = naiveLines(bytes)[next];
  const line = lines.next();
  expect(line?.text).toBe(expected && Buffer.from(expected.text, 'latin1').toString().replace(/\n$/, ''));
  if (line !== undefined) {
    expect(line.number).toBe(next + 1);
    expect(line.offsetOf(line.start)).toBe(expected?.start);
  }
  lines.close();
}

describe('data', () => {
  const line = fc.constantFrom(
    '',
    'a',
    '\\.',
    '\\.b',
    'c\\.',
    '\\.\r',
    '\\',
    '.',
    'ü\t\\N',
    '\\\\.',
    '\\.\r\r',
    '\r',
  );
  const data = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('', '\n'))
    .map(([all, ending]) => Buffer.from(all.join('\n') + ending));

  it('reaches to the marker line, which is passed over, as line by line', () => {
    fc.assert(
      fc.property(data, fc.nat(3), (bytes, before) => check(bytes, memoryBytes(bytes), before)),
      {
        numRuns: 1000,
      },
    );
  });

  it('does so however few bytes the source gives at a time', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 });
    fc.assert(
      fc.property(data, fc.nat(3), sizes, (bytes, before, few) => check(bytes, dripping(bytes, few), before)),
      { numRuns: 1000 },
    );
  });

  it('ends at the end of the file when there is no marker; a last line without a line feed is none', () => {
    const bytes = Buffer.from('copy;\n1\n\\.');
    const lines = new SourceLines(memoryBytes(bytes));
    lines.next();
    expect(lines.passData()).toMatchObject({ start: 6, end: 10, line: 2 });
    expect(lines.next()).toBeUndefined();
    expect(lines.passData()).toMatchObject({ start: 10, end: 10 });
  });

  it('behind a last line without a line feed is empty', () => {
    const lines = new SourceLines(memoryBytes(Buffer.from('copy;')));
    lines.next();
    expect(lines.passData()).toMatchObject({ start: 5, end: 5, line: 2 });
  });
});

describe('places to cut data at', () => {
  it('are beginnings of rows, with their lines, in order and not too near to each other', () => {
    const row = (index: number) =>
      index % 5 === 0 ? 'a value with a line feed \\\nin it\n' : `${'x'.repeat(index % 300)}\n`;
    const rows = Array.from({ length: 4000 }, (_, index) => row(index)).join('');
    const bytes = Buffer.from(`copy t from stdin;\n${rows}\\.\nselect 1;`);
    const lines = new SourceLines(dripping(bytes, [100_000, 7, 30_001]));
    lines.next();
    const { cuts, start, end } = lines.passData();
    expect(cuts.length).toBeGreaterThan(3);
    let before = start;
    for (const { offset, line } of cuts) {
      expect(offset).toBeGreaterThanOrEqual(before + 64 * 1024);
      expect(offset).toBeLessThan(end);
      expect(bytes.toString('latin1', offset - 2, offset)).toMatch(/^[^\\]\n$|^\n\n$/);
      expect(bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1).toBe(line);
      before = offset;
    }
  });

  it('get further apart in more data, and stay few', () => {
    const row = `${'x'.repeat(1023)}\n`;
    const bytes = Buffer.alloc(300 * 1024 * 1024, row);
    const lines = new SourceLines(memoryBytes(bytes));
    const { cuts } = lines.passData();
    expect(cuts.length).toBeGreaterThan(1000);
    expect(cuts.length).toBeLessThan(4096);
    for (const { offset, line } of cuts)
      if (offset !== (line - 1) * 1024) expect(offset).toBe((line - 1) * 1024);
  });
});

describe('files of many megabytes', () => {
  const MEGABYTE = 1024 * 1024;

  /** Lines of very different lengths, with markers in the middle of lines and at the ends of stretches. */
  function bigScript(): Buffer {
    const parts: string[] = ['first\n', `${'x'.repeat(3 * MEGABYTE)}\n`, `${'\\.'.repeat(700_000)}\n`];
    for (let size = 0; size < 5 * MEGABYTE; size += 400) parts.push(`${'é'.repeat(size % 397)}\\.\n`);
    parts.push('\\.\r\n', 'behind\n', 'y'.repeat(2 * MEGABYTE), '\n\n', 'last');
    return Buffer.from(parts.join(''));
  }

  it('are read in lines that may be longer than what is in memory at a time, and passed over', () => {
    const bytes = bigScript();
    const path = join(directory, 'big.sql');
    writeFileSync(path, bytes);
    const expected = naiveLines(bytes);
    const lines = new SourceLines(fileBytes(path));
    for (const [index, wanted] of expected.entries()) {
      const line = lines.next();
      const place = [line?.number, line?.offsetOf(line.start), line && line.end - line.start];
      const length = wanted.text.replace(/\n$/, '').length;
      if (place[0] !== index + 1 || place[1] !== wanted.start || place[2] !== length)
        expect(place).toEqual([index + 1, wanted.start, length]);
    }
    expect(lines.next()).toBeUndefined();
    lines.close();
    for (const before of [0, 1, 2, 3, 4000]) check(bytes, fileBytes(path), before);
  });

  it('find a marker wherever it stands in a stretch', () => {
    for (const edge of [256 * 1024, MEGABYTE, MEGABYTE + 256 * 1024]) {
      for (let shift = -6; shift <= 6; shift++) {
        const bytes = Buffer.from(
          `${'a\n'.repeat((edge + shift) >> 1)}${shift % 2 === 0 ? '' : '\n'}\\.\r\nb\nc`,
        );
        const path = join(directory, 'edge.sql');
        writeFileSync(path, bytes);
        const lines = new SourceLines(fileBytes(path));
        const { line, start, end } = lines.passData();
        expect([start, end, line]).toEqual([0, bytes.length - 7, 1]);
        expect(lines.next()?.text).toBe('b');
        lines.close();
      }
    }
  });
});
