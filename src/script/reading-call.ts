import type { ReadCall } from './reader.js';

/** The commands that move the reading itself: whoever walks through a script obeys them, and nobody else sees them. */
export type ReadingCall = Extract<
  ReadCall,
  { readonly kind: 'include' | 'directory' | 'quit' | 'nothing' | 'restrict' | 'unrestrict' }
>;

export function isReadingCall(call: ReadCall): call is ReadingCall {
  return READING.has(call.kind);
}

const READING: ReadonlySet<ReadCall['kind']> = new Set<ReadingCall['kind']>([
  'include',
  'directory',
  'quit',
  'nothing',
  'restrict',
  'unrestrict',
]);
