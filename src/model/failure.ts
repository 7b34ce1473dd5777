import type { Place } from './place.js';

/**
 * Why a job or a connection failed. A closed union of plain data: failures cross thread boundaries and go into
 * events as they are.
 */
export type Failure =
  | ServerFailure
  | ConnectionFailure
  | { readonly kind: 'cancelled'; readonly message: string }
  | ClientFailure
  | { readonly kind: 'bug'; readonly message: string; readonly stack: string };

/** pqrun itself could not do what the script asks for: a file cannot be written, `\gset` got no row. */
export interface ClientFailure {
  readonly kind: 'client';
  readonly message: string;
  readonly hint?: string;
}

/** The server refused a statement. Fields as in the protocol's ErrorResponse. */
export interface ServerFailure {
  readonly kind: 'server';
  readonly severity: string;
  /** SQLSTATE, five characters. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly context?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  /** Position in the sent statement, in characters from 1. */
  readonly position?: number;
  /** The internal query (of a function) that failed, and the position in it. */
  readonly internalQuery?: string;
  readonly internalPosition?: number;
}

/** The connection could not be made, or broke. */
export interface ConnectionFailure {
  readonly kind: 'connection';
  /** `open`: it was never there; `lost`: it broke while in use. */
  readonly phase: 'open' | 'lost';
  readonly message: string;
  /** SQLSTATE (`28P01`) or errno name (`ECONNREFUSED`), when there is one. */
  readonly code?: string;
  readonly hint?: string;
  /** It broke before the server's answer: whether the statement was done, and committed, nobody knows. */
  readonly inDoubt?: true;
}

/** A failure with the statement it befell. */
export interface StatementFailure {
  readonly failure: Failure;
  /** Index into the job's steps. */
  readonly step: number;
  /** Where the statement stands; where the server's position is known, that very place. */
  readonly place: Place;
  /** The statement as it was sent, shortened to its first 10,000 characters. */
  readonly statement: string;
  /** What was sent for its $1, $2 …, each shortened to its first 1,000 characters; null for NULL. */
  readonly parameters?: readonly (string | null)[];
  /** The line of the sent statement that the server points at, and the caret's column in it (from 1). */
  readonly excerpt?: { readonly line: number; readonly text: string; readonly column: number };
}
