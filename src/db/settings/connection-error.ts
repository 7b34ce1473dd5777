/**
 * What can go wrong while a connection opens, and what follows from it for the next attempt.
 *
 * Errors are caught as node-postgres, Node and the server made them. Sentences for people are explain-connection.ts'.
 */
/** Fields as far as each maker has them. */
export interface ConnectionError extends Error {
  /** SQLSTATE, errno name, or OpenSSL's name of what is wrong with a certificate. */
  readonly code?: string;
  /** Only the server's errors have it. */
  readonly severity?: string;
  readonly routine?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** The server wants a password and there is none. */
export class NoPasswordError extends Error {
  readonly code = '28P01';
}

/** The settings forbid to go on: a certificate file, channel binding, session attributes. */
export class UnfitError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** The server is there, but is not what target_session_attrs wants. */
export class SessionError extends UnfitError {}

/** There is a pooler before the server that does not keep sessions. */
export class PoolerError extends UnfitError {
  constructor(message: string) {
    super(
      message,
      'connect to the server itself, by its own host and port, or to an entry of the pooler that keeps sessions (pool_mode=session in PgBouncer)',
    );
  }
}

export function asError(error: unknown): ConnectionError {
  return error instanceof Error ? error : new Error(String(error));
}

/** Where no server was reached, or it is not the right one, another may be. 57P03: it cannot take connections now. */
export function isFinal(error: ConnectionError): boolean {
  if (error instanceof SessionError) return false;
  return !isUnreachable(error) && error.code !== '57P03';
}

/** True when the other way, with TLS or without, may succeed: TLS itself failed, or the user was refused (class 28). */
export function dependsOnTls(error: ConnectionError): boolean {
  if (error instanceof SessionError || error instanceof NoPasswordError) return false;
  if (error instanceof PoolerError) return false;
  return error.severity === undefined ? !isUnreachable(error) : error.code?.startsWith('28') === true;
}

/**
 * How much an error tells, of those of one address with and without TLS. That there is no TLS is expected where both
 * ways are allowed; that pg_hba.conf has no entry often means only that this way is not the one meant for the user.
 */
export function weight(error: ConnectionError): number {
  if (refusesTls(error)) return 0;
  return error.code === '28000' && error.routine === 'ClientAuthentication' ? 1 : 2;
}

/** The server answered the request for TLS with no; node-postgres gives this no code. */
export function refusesTls({ message, severity }: ConnectionError): boolean {
  return severity === undefined && message.includes('does not support SSL');
}

const NETWORK = /^E(CONN|HOST|NET|TIMEDOUT|PIPE|NOENT|NOTDIR|ACCES|PERM|ADDR|NOTFOUND|AI_)/;

function isUnreachable({ code, message, severity }: ConnectionError): boolean {
  if (severity !== undefined) return false;
  return NETWORK.test(code ?? '') || isTimeout(message) || isTermination(message);
}

/** node-postgres' own errors have no code. */
export function isTimeout(message: string): boolean {
  return message === 'timeout expired';
}

export function isTermination(message: string): boolean {
  return message.startsWith('Connection terminated');
}
