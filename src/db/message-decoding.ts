import type { EventEmitter } from 'node:events';
import type { Client } from 'pg';
import { Parser } from 'pg-protocol/dist/parser.js';
import type { Decoder } from '../script/encodings.js';

/**
 * What the server says, read in the session's own encoding: node-postgres takes every byte for UTF-8, and has no way to
 * say otherwise. So its parser is run here instead, over bytes that stay what they are (Latin-1), and the texts of each
 * message are decoded. In UTF-8, the usual case, nothing is different from what node-postgres does.
 *
 * Call it before the client connects. `decoder` is asked before each message, because a message may change the encoding.
 */
export function decodeMessages({ connection }: Client, decoder: () => Decoder | undefined): void {
  // What node-postgres calls when its socket is there; its types know nothing of it.
  const listening = connection as unknown as EventEmitter & {
    attachListeners: (stream: EventEmitter) => void;
  };
  listening.attachListeners = (stream) => {
    const parser = new Parser();
    // A private field, with a comment in pg-protocol that it should once be settable.
    const { reader } = parser as unknown as { readonly reader: { encoding: BufferEncoding } };
    const follow = (): Decoder | undefined => {
      const decode = decoder();
      reader.encoding = decode === undefined ? 'utf-8' : 'latin1';
      return decode;
    };
    stream.on('data', (chunk: Buffer) => {
      let decode = follow();
      parser.parse(chunk, (message) => {
        if (decode !== undefined) decodeTexts(message, decode);
        listening.emit(message.name === 'error' ? 'errorMessage' : message.name, message);
        decode = follow();
      });
    });
  };
}

/** Every text of a message, in place: an error's fields, columns' names, values. Binary data stay binary. */
function decodeTexts(message: object, decode: Decoder): void {
  // A message is what the parser has just made, and nobody else has it yet.
  const fields = message as Record<string, unknown>;
  for (const key of Object.getOwnPropertyNames(fields)) {
    const value = fields[key];
    if (key === 'name' || key === 'stack') continue;
    if (typeof value === 'string') fields[key] = decode(Buffer.from(value, 'latin1'));
    else if (Array.isArray(value)) fields[key] = value.map((item: unknown) => decodedItem(item, decode));
  }
}

function decodedItem(item: unknown, decode: Decoder): unknown {
  if (typeof item === 'string') return decode(Buffer.from(item, 'latin1'));
  if (typeof item !== 'object' || item === null || !('name' in item) || typeof item.name !== 'string')
    return item;
  return Object.assign(item, { name: decode(Buffer.from(item.name, 'latin1')) });
}
