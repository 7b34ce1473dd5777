/**
 * PostgreSQL's backend messages, as far as the recorder speaks them, and the framing of the frontend's (PostgreSQL
 * documentation, "Message Formats").
 */
export const authenticationOk = message('R', int32(0));
export const backendKey = message('K', int32(1), int32(1));
export const parseComplete = message('1');
export const noData = message('n');
/** No parameters. */
export const parameterDescription = message('t', int16(0));
export const emptyQuery = message('I');
/** Text format, no columns told: psql asks for none. */
export const copyIn = message('G', Buffer.from([0]), int16(0));

export function parameterStatus(name: string, value: string): Buffer {
  return message('S', text(name), text(value));
}

/** `I`: idle, `T`: in a transaction block, `E`: in a failed one. */
export type TransactionStatus = 'I' | 'T' | 'E';

export function ready(status: TransactionStatus): Buffer {
  return message('Z', Buffer.from(status));
}

export function complete(tag: string): Buffer {
  return message('C', text(tag));
}

export function error(sqlstate: string, said: string): Buffer {
  const fields = [`SERROR`, `VERROR`, `C${sqlstate}`, `M${said}`];
  return message('E', ...fields.map(text), Buffer.from([0]));
}

const TEXT_OID = 25;

export function rowDescription(columns: readonly string[]): Buffer {
  const fields = columns.map((name) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(TEXT_OID), int16(-1), int32(-1), int16(0)]),
  );
  return message('T', int16(columns.length), ...fields);
}

export function dataRow(values: readonly (string | null)[]): Buffer {
  const cells = values.map((value) => {
    if (value === null) return int32(-1);
    const bytes = Buffer.from(value);
    return Buffer.concat([int32(bytes.length), bytes]);
  });
  return message('D', int16(values.length), ...cells);
}

function message(type: string, ...bodies: readonly Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export interface FrontendMessage {
  /** Empty for what a connection begins with: a startup packet, or a request for TLS or GSS encryption. */
  readonly type: string;
  readonly body: Buffer;
}

/** Cuts a stream of bytes into messages. */
export class Framing {
  #rest: Buffer = Buffer.alloc(0);
  #started = false;

  /** From now on messages begin with their type. */
  start(): void {
    this.#started = true;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** The next message, if it is all there. */
  next(): FrontendMessage | undefined {
    const head = this.#started ? 1 : 0;
    if (this.#rest.length < head + 4) return undefined;
    const end = head + this.#rest.readInt32BE(head);
    if (this.#rest.length < end) return undefined;
    const type = this.#rest.toString('latin1', 0, head);
    const body = this.#rest.subarray(head + 4, end);
    this.#rest = this.#rest.subarray(end);
    return { type, body };
  }
}
