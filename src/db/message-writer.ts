/**
 * Messages of the protocol (PostgreSQL, "Message Formats"), collected into one piece of bytes. Written one by one
 * they would cost the client more than small statements cost the server; and node-postgres' own writer knows no encoding but
 * UTF-8.
 *
 * Texts are strings, in UTF-8, or bytes in the session's own encoding. All values are in text format; the server finds out
 * their types. An empty name is that of the unnamed statement; the portal is always the unnamed one.
 */
export type Text = string | Buffer;

export class MessageWriter {
  #bytes = Buffer.allocUnsafe(FIRST_SIZE);
  #length = 0;
  /** Where the length of the message stands that is being written. */
  #begun = 0;

  /** Of the simple protocol. */
  query(text: Text): void {
    this.#begin('Q', sizeOf(text));
    this.#text(text);
    this.#end();
  }

  /** To close what is not there is no error. */
  closeStatement(name: string): void {
    this.#begin('C', name.length);
    this.#byte('S');
    this.#text(name);
    this.#end();
  }

  parse(name: string, text: Text): void {
    this.#begin('P', name.length + sizeOf(text));
    this.#text(name);
    this.#text(text);
    this.#int16(0);
    this.#end();
  }

  bind(name: string, parameters: readonly (Text | null)[] = []): void {
    this.#begin('B', name.length + parameters.reduce((sum, value) => sum + 4 + sizeOf(value ?? ''), 0));
    this.#text('');
    this.#text(name);
    this.#int16(0);
    this.#int16(parameters.length);
    for (const value of parameters) this.#value(value);
    this.#int16(0);
    this.#end();
  }

  describe(): void {
    this.#begin('D');
    this.#byte('P');
    this.#text('');
    this.#end();
  }

  /** All rows. */
  execute(): void {
    this.#begin('E');
    this.#text('');
    this.#int32(0);
    this.#end();
  }

  /** What is answered by now is to come at once. */
  flush(): void {
    this.#begin('H');
    this.#end();
  }

  sync(): void {
    this.#begin('S');
    this.#end();
  }

  /** What was written; the writer is not used any more. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** `size`: bytes that its texts take, at most; all else is little. */
  #begin(type: string, size = 0): void {
    this.#reserve(size + SMALL);
    this.#byte(type);
    this.#begun = this.#length;
    this.#length += 4;
  }

  /** The length counts itself. */
  #end(): void {
    this.#bytes.writeInt32BE(this.#length - this.#begun, this.#begun);
  }

  #byte(letter: string): void {
    this.#bytes[this.#length++] = letter.charCodeAt(0);
  }

  #text(text: Text): void {
    this.#length += this.#put(text);
    this.#bytes[this.#length++] = 0;
  }

  #value(value: Text | null): void {
    if (value === null) {
      this.#int32(-1);
      return;
    }
    const at = this.#length;
    this.#length += 4;
    const size = this.#put(value);
    this.#bytes.writeInt32BE(size, at);
    this.#length += size;
  }

  #put(text: Text): number {
    if (typeof text === 'string') return this.#bytes.write(text, this.#length);
    return text.copy(this.#bytes, this.#length);
  }

  #int16(value: number): void {
    this.#length = this.#bytes.writeUInt16BE(value, this.#length);
  }

  #int32(value: number): void {
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + size));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}

/** In bytes, at most: a UTF-16 unit takes three in UTF-8. */
function sizeOf(text: Text): number {
  return typeof text === 'string' ? 3 * text.length : text.length;
}

const FIRST_SIZE = 1024;
/** A message without its texts: names are short. */
const SMALL = 256;
