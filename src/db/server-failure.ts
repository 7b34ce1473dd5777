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
    return { kind: 'connection', phase: 'lost', message: lostMessage(message), ...(code ? { code } : {}) };
  }
  if (severity === 'FATAL' || severity === 'PANIC') return sessionEnded(error);
  return { kind: 'server', severity, code: code ?? 'XX000', message, ...detailsOf(error) };
}

/** The server said why it ends the session: 57P01 admin_shutdown, 57P02 crash_shutdown, 57P05 idle_session_timeout … */
export function sessionEnded({ code, message }: ServerError): Failure {
  const told = `the server ended the connection: ${message}`;
  return { kind: 'connection', phase: 'lost', message: told, ...(code === undefined ? {} : { code }) };
}

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
