import type { Diagnostic } from '../../model/diagnostic.js';

/**
 * What the steps of starting the embedded server return: the value, or the one fault that ends the start. It does
 * not know of lists of faults (model's `Read`): a start stops at its first.
 */
export type Attempt<T> = { readonly ok: true; readonly value: T } | Failed;

export interface Failed {
  readonly ok: false;
  readonly diagnostic: Diagnostic;
}

export function done<T>(value: T): Attempt<T> {
  return { ok: true, value };
}

/** `message` is the cause, `hint` the remedy. */
export function failed(message: string, hint: string): Failed {
  return { ok: false, diagnostic: { severity: 'error', message, hint } };
}

/** The text of whatever was thrown: `EACCES: permission denied, mkdir '/x'`. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The errno name of a system error (`ENOENT`), undefined for anything else. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
