import type { Place } from './place.js';

/**
 * A fault in what the user gave: scripts, directives, manifest, options, connection settings.
 *
 * Diagnostics are values: readers collect them, so that one run names all faults of all files at once.
 * Every diagnostic names the place (when there is one), the cause, and the remedy (when one is known).
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** The cause, one sentence without a full stop: `syntax error at or near "from"`. */
  readonly message: string;
  readonly place?: Place;
  /** The line of the place, and the column of the caret in it (from 1, in characters). */
  readonly excerpt?: Excerpt;
  /** The remedy, one sentence: what to write, which option to give. */
  readonly hint?: string;
}

export interface Excerpt {
  readonly text: string;
  readonly column: number;
}

/** What a reader returns: the value, or all the faults that keep it from being one. Warnings may come with either. */
export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Thrown where an error value cannot travel (option parsers, the API): nothing was run, exit status 1. */
export class InputError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'));
    this.name = 'InputError';
    this.diagnostics = diagnostics;
  }
}
