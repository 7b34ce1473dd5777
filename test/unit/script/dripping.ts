import { memoryBytes, type ScriptBytes } from '../../../src/script/script-bytes.js';

/** Bytes that come few at a time, as many as the sizes say, over and over again: like a file with a tiny window. */
export function dripping(bytes: Uint8Array, sizes: readonly number[]): ScriptBytes {
  const source = memoryBytes(bytes);
  let reads = 0;
  return {
    read: (into, position) => {
      const size = sizes[reads % sizes.length] ?? 1;
      reads += 1;
      return source.read(into.subarray(0, size), position);
    },
    close: () => source.close(),
  };
}
