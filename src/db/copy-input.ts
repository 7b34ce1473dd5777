import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import type { Span } from '../model/place.js';
import type { CopyData } from '../model/script.js';

/**
 * The data of a COPY … FROM STDIN, asked for and read when the server is ready for them. A chunk lasts until the next one
 * is asked for: that may be read into the same memory.
 */
export type CopyInput = () => AsyncIterable<Buffer>;

/** The data of the COPYs of one message, one after another. */
export function copyInputs(data: readonly CopyData[]): CopyInput {
  const left = [...data];
  return () => {
    const next = left.shift();
    return next === undefined ? Readable.from([]) : copyInput(next)();
  };
}

/** The data of a COPY, from the file where reading found them, a chunk at a time, or from the message itself. */
export function copyInput({ from, span }: CopyData): CopyInput {
  if ('bytes' in from) {
    const bytes = Buffer.from(from.bytes);
    return () => Readable.from([span === undefined ? bytes : bytes.subarray(span.start, span.end)]);
  }
  // Opened by its name it fails where it is a socket, which is what Node gives its child processes.
  if (from.path === STDIN)
    return () => createReadStream(from.path, { fd: 0, autoClose: false, highWaterMark: CHUNK });
  if (span === undefined) return () => createReadStream(from.path, { highWaterMark: CHUNK });
  return () => stretch(from.path, span);
}

/**
 * Bytes `[start, end)` of a file. All chunks are the same memory: memory that is touched for the first time costs more than
 * to read into it. Throws when the file has become shorter: fewer rows than the script has must not pass for all of them.
 */
async function* stretch(path: string, { start, end }: Span): AsyncIterable<Buffer> {
  if (start === end) return;
  const file = await open(path);
  try {
    const memory = Buffer.allocUnsafeSlow(Math.min(CHUNK, end - start));
    for (let at = start; at < end;) {
      const { bytesRead } = await file.read(memory, 0, Math.min(memory.length, end - at), at);
      if (bytesRead === 0) throw new Error(`${path} has become shorter since it was read`);
      yield memory.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** How `\copy … from pstdin` names standard input. */
const STDIN = '/dev/stdin';

/** Bytes of a file that are read and sent at a time. */
const CHUNK = 512 * 1024;

/**
 * Sends a chunk as a CopyData message (PostgreSQL, "Message Formats"), as it is: node-postgres would copy it into a message.
 * Resolves when it is sent, so that no more is read than the server takes; or when the connection is gone, of which its
 * owner hears otherwise.
 */
export function sendCopyData(stream: Writable, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const head = Buffer.allocUnsafe(5);
    head.write('d', 'latin1');
    head.writeInt32BE(4 + chunk.length, 1);
    stream.cork();
    stream.write(head);
    stream.write(chunk, () => resolve());
    stream.uncork();
  });
}
