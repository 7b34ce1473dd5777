import { InputError, type Diagnostic, type Read } from '../model/diagnostic.js';

/** What was read; whatever was wrong with it is thrown as one InputError. */
export function valueOf<T>(read: Read<T>): { readonly value: T; readonly warnings: readonly Diagnostic[] } {
  if (!read.ok) throw new InputError(read.diagnostics);
  return read;
}
