import { writeSync } from 'node:fs';

/** Writes text (in UTF-8) or bytes, whole. Throws the system's error. */
export function writeAll(file: number, data: string | Uint8Array): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  for (let written = 0; written < bytes.length;)
    written += writeSync(file, bytes, written, bytes.length - written);
}
