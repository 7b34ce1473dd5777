import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Template } from '../../../src/model/script.js';
import { renderTemplate, usedSlots } from '../../../src/script/template.js';
import { read } from './reading.js';

const template: Template = [
  { kind: 'source', text: 'é😀 ', line: 3, column: 5 },
  { kind: 'slot', name: 'lo', form: 'plain', line: 3, column: 8 },
  { kind: 'source', text: ',\n x ', line: 3, column: 11 },
  { kind: 'value', text: 'two\nlines', line: 4, column: 4 },
  { kind: 'slot', name: 'lo', form: 'literal', line: 4, column: 6 },
];

describe('a rendered statement', () => {
  it('has the values in its slots', () => {
    expect(renderTemplate(template, { lo: '12' }).text).toBe("é😀 12,\n x two\nlines'12'");
    expect(usedSlots(template)).toEqual(['lo']);
  });

  it('keeps slots without a value as they are written', () => {
    expect(renderTemplate(template).text).toBe("é😀 :lo,\n x two\nlines:'lo'");
    expect(renderTemplate([{ kind: 'slot', name: 'toString', form: 'plain', line: 1, column: 1 }]).text).toBe(
      ':toString',
    );
  });

  it('leads from a position in characters back to the place', () => {
    const { locate } = renderTemplate(template, { lo: '12' });
    expect([1, 2, 3].map(locate)).toEqual([5, 6, 7].map((column) => ({ line: 3, column })));
    expect([4, 5].map(locate)).toEqual([8, 8].map((column) => ({ line: 3, column })));
    expect([6, 7].map(locate)).toEqual([11, 12].map((column) => ({ line: 3, column })));
    expect([8, 9, 10].map(locate)).toEqual([1, 2, 3].map((column) => ({ line: 4, column })));
    expect([11, 15, 19].map(locate)).toEqual([4, 4, 4].map((column) => ({ line: 4, column })));
  });

  it('takes positions behind its end for the end', () => {
    const { locate } = renderTemplate([{ kind: 'source', text: 'ab', line: 1, column: 1 }]);
    expect([0, 3, 99].map(locate)).toEqual([1, 3, 3].map((column) => ({ line: 1, column })));
  });

  it('has each character where it stands in the script', () => {
    const piece = fc.constantFrom('é', '😀', 'a', '\n', '\n\n', ' ', '\r\n', "'\n\n;'", '-- x\n', '/*\n*/');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const script = `x${pieces.join('')}y`;
        const lines = script.split('\n').map((line) => Array.from(line));
        for (const { text } of read(script).statements) {
          const rendered = renderTemplate(text);
          for (const [index, character] of Array.from(rendered.text).entries()) {
            const { line, column } = rendered.locate(index + 1);
            expect(lines[line - 1]?.[column - 1] ?? '\n').toBe(character);
          }
        }
      }),
    );
  });
});
