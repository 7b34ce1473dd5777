import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A script's bytes, read a stretch at a time from wherever they are, so that a script may be bigger than memory.
 *
 * Reading is synchronous: a script is read as a whole before anything else can happen, and asynchronous reads would only
 * make that slower (Node hands each to a thread and waits).
 */
export interface ScriptBytes {
  /** Copies bytes from `position` on into the buffer; returns how many: 0 at the end, or behind it. */
  read(into: Buffer, position: number): number;
  close(): void;
}

/** Throws the system's error when the file cannot be opened; that it is a directory shows with the first read. */
export function fileBytes(path: string): ScriptBytes {
  const file = openSync(path, 'r');
  return {
    read: (into, position) => readSync(file, into, 0, into.length, position),
    close: () => closeSync(file),
  };
}

export function memoryBytes(bytes: Uint8Array): ScriptBytes {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    read: (into, position) => (position < buffer.length ? buffer.copy(into, 0, position) : 0),
    close: () => undefined,
  };
}

export function openBytes(from: { readonly path: string } | { readonly bytes: Uint8Array }): ScriptBytes {
  return 'path' in from ? fileBytes(from.path) : memoryBytes(from.bytes);
}
