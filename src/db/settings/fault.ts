import type { Diagnostic, Read } from '../../model/diagnostic.js';

/** One error about connection settings, as a diagnostic. Messages here never quote a value that may hold a secret. */
export function fault(message: string, hint: string): Diagnostic {
  return { severity: 'error', message, hint };
}

export function failed<T>(message: string, hint: string): Read<T> {
  return { ok: false, diagnostics: [fault(message, hint)] };
}

export function succeeded<T>(value: T): Read<T> {
  return { ok: true, value, warnings: [] };
}
