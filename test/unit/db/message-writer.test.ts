import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MessageWriter, type Text } from '../../../src/db/message-writer.js';

interface Message {
  readonly type: string;
  readonly body: Buffer;
}

/** As a server takes them apart: a letter, a length that counts itself, and the body. */
function messagesIn(bytes: Buffer): readonly Message[] {
  const found: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    found.push({ type: bytes.toString('latin1', at, at + 1), body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return found;
}

const bytesOf = (text: Text): Buffer => (typeof text === 'string' ? Buffer.from(text) : text);
const terminated = (text: Text): Buffer => Buffer.concat([bytesOf(text), Buffer.alloc(1)]);
const int16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const int32 = (value: number): Buffer => Buffer.from([value >> 24, value >> 16, value >> 8, value]);

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3000 }),
  fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes)),
);
const names = fc.constantFrom('', 'pqrun_1', 'pqrun_chain');

it('writes messages of any texts, one behind the other', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: names, text: texts, values: fc.array(fc.option(texts), { maxLength: 5 }) })),
      (statements) => {
        const writer = new MessageWriter();
        const expected: Message[] = [];
        for (const { name, text, values } of statements) {
          writer.closeStatement(name);
          expected.push({ type: 'C', body: Buffer.concat([Buffer.from('S'), terminated(name)]) });
          writer.parse(name, text);
          expected.push({ type: 'P', body: Buffer.concat([terminated(name), terminated(text), int16(0)]) });
          writer.bind(name, values);
          const bound = values.flatMap((value) =>
            value === null ? [int32(-1)] : [int32(bytesOf(value).length), bytesOf(value)],
          );
          const head = [terminated(''), terminated(name), int16(0), int16(values.length)];
          expected.push({ type: 'B', body: Buffer.concat([...head, ...bound, int16(0)]) });
          writer.describe();
          expected.push({ type: 'D', body: Buffer.concat([Buffer.from('P'), terminated('')]) });
          writer.execute();
          expected.push({ type: 'E', body: Buffer.concat([terminated(''), int32(0)]) });
        }
        writer.sync();
        expected.push({ type: 'S', body: Buffer.alloc(0) });
        expect(messagesIn(writer.bytes)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});
