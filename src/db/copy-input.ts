import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { CopyData } from '../model/script.js';
import type { CopyInput } from './statement-query.js';

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
  if (span.start === span.end) return () => Readable.from([]);
  return () => createReadStream(from.path, { start: span.start, end: span.end - 1, highWaterMark: CHUNK });
}

/** How `\copy … from pstdin` names standard input. */
const STDIN = '/dev/stdin';

/** Bytes of a file that are read and sent at a time. */
const CHUNK = 256 * 1024;
