import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SourceLines } from '../../../src/script/source-lines.js';

const line = fc.constantFrom('', 'a', '\\.', '\\.b', 'c\\.', '\\.\r', '\\', '.', 'ü\t\\N', '\\\\.');

it('passes over lines up to the marker line, and over that one, as reading line by line would', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.nat(3),
      fc.constantFrom('', '\n'),
      (all, before, ending) => {
        const bytes = Buffer.from(all.join('\n') + ending);
        const [fast, slow] = [new SourceLines(bytes), new SourceLines(bytes)];
        for (let skipped = 0; skipped < before; skipped++) {
          fast.next();
          slow.next();
        }

        const passed = fast.passOver('\\.');
        let wanted = slow.next();
        const first = wanted;
        while (wanted !== undefined && !wanted.is('\\.')) wanted = slow.next();
        expect(passed.end).toBe(wanted?.start ?? bytes.length);
        if (first !== undefined) expect([passed.start, passed.line]).toEqual([first.start, first.number]);

        const [next, expected] = [fast.next(), slow.next()];
        expect([next?.start, next?.number]).toEqual([expected?.start, expected?.number]);
      },
    ),
  );
});
