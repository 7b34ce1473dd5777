/**
 * The messages of the extended protocol that send one statement with parameters (PostgreSQL, "Message Formats"), as bytes:
 * texts are in the session's own encoding, which node-postgres' own writer does not know. All values are in text format;
 * the server finds out their types.
 */
export interface BoundBytes {
  /** Of the prepared statement; empty: the unnamed one. */
  readonly name: string;
  /** To be parsed under this name first, in the place of what it named before; undefined: it has been. */
  readonly text: Buffer | undefined;
  readonly parameters: readonly (Buffer | null)[];
}

/** From Parse to Sync: what the server answers ends in ReadyForQuery. */
export function boundMessages({ name, text, parameters }: BoundBytes): Buffer {
  const named = terminated(Buffer.from(name));
  const parsing =
    text === undefined
      ? []
      : [
          // To close what is not there is no error.
          message('C', [STATEMENT, named]),
          message('P', [named, terminated(text), int16(0)]),
        ];
  const values = parameters.flatMap((value) => (value === null ? [int32(-1)] : [int32(value.length), value]));
  return Buffer.concat([
    ...parsing,
    message('B', [UNNAMED, named, int16(0), int16(parameters.length), ...values, int16(0)]),
    message('D', [PORTAL, UNNAMED]),
    message('E', [UNNAMED, int32(0)]),
    message('S', []),
  ]);
}

/** The length counts itself. */
function message(type: string, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4);
  return Buffer.concat([Buffer.from(type, 'latin1'), int32(length), ...parts]);
}

function terminated(text: Buffer): Buffer {
  return Buffer.concat([text, UNNAMED]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** An empty name, and the byte that ends any text. */
const UNNAMED = Buffer.alloc(1);
const STATEMENT = Buffer.from('S');
const PORTAL = Buffer.from('P');
