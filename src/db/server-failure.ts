import type { Failure, ServerFailure } from '../model/failure.js';

/** node-postgres' error → Failure: the fields of an ErrorResponse, or a socket that broke. */
export interface ServerError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly position?: string;
  readonly internalQuery?: string;
  readonly internalPosition?: string;
}

export function serverFailure(error: ServerError): Failure {
  const { severity, code, message } = error;
  if (severity === undefined) {
    return {
      kind: 'connection',
      phase: 'lost',
      message: lostMessage(message),
      ...(code ? { code } : {}),
      inDoubt: true,
    };
  }
  if (isLastWord(error)) return sessionEnded(error);
  return { kind: 'server', severity, code: code ?? 'XX000', message, ...detailsOf(error) };
}

/** Behind it nothing comes. Where the server speaks another language, that may not be seen before the end. */
export function isLastWord({ severity }: ServerError): boolean {
  return severity === 'FATAL' || severity === 'PANIC';
}

/**
 * The server said why it ends the session: 57P01 admin_shutdown, 57P02 crash_shutdown, 57P05 idle_session_timeout …
 *
 * A session that is told to end looks for that between its steps, and never while it commits: its transaction is rolled back
 * first. One that dies with the server may do so at any moment (src/backend/tcop/postgres.c: ProcessInterrupts, quickdie).
 */
export function sessionEnded({ code, message }: ServerError): Failure {
  const told = `the server ended the connection: ${message}`;
  return {
    kind: 'connection',
    phase: 'lost',
    message: told,
    ...(code === undefined ? {} : { code }),
    ...(ROLLED_BACK.has(code ?? '') ? {} : { inDoubt: true }),
  };
}

/** admin_shutdown, database_dropped, idle_session_timeout, idle_in_transaction_session_timeout, transaction_timeout. */
const ROLLED_BACK: ReadonlySet<string> = new Set(['57P01', '57P04', '57P05', '25P03', '25P04']);

function lostMessage(message: string): string {
  return message.startsWith('Connection terminated')
    ? 'the connection to the server was lost'
    : `the connection to the server was lost: ${message}`;
}

function detailsOf(error: ServerError): Partial<ServerFailure> {
  const { detail, hint, where: context, schema, table, column, constraint, internalQuery } = error;
  const position = numberOf(error.position);
  const internalPosition = numberOf(error.internalPosition);
  const fields = {
    detail,
    hint,
    context,
    schema,
    table,
    column,
    constraint,
    internalQuery,
    position,
    internalPosition,
  };
  // exactOptionalPropertyTypes: a field is there or it is not.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
