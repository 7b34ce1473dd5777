import type { ConnectionFailure } from '../model/failure.js';
import {
  isTermination,
  isTimeout,
  NoPasswordError,
  PoolerError,
  refusesTls,
  UnfitError,
  type ConnectionError,
} from './settings/connection-error.js';
import { demandsTls } from './settings/tls-settings.js';
import { describeHost, maskSecrets } from './settings/secrets.js';
import {
  isSocketDirectory,
  socketPath,
  type ConnectionSettings,
  type HostSettings,
} from './settings/settings.js';

/**
 * Why a connection could not be opened: one sentence with the place and the cause, and a remedy as hint.
 *
 * The server's own message is kept, in its language; what a refusal is about is told by SQLSTATE and, where that is too
 * coarse, by the server's routine, which no language changes. It does not decide what is tried next (open.ts).
 */
export interface ConnectionAttempt {
  readonly settings: ConnectionSettings;
  readonly host: HostSettings;
  /** The address that was tried; the host where there was none. */
  readonly address: string;
  readonly tls: boolean;
}

interface Explanation {
  readonly message: string;
  readonly hint?: string | undefined;
}

export function explainConnectionError(
  error: ConnectionError,
  attempt: ConnectionAttempt,
): ConnectionFailure {
  const { message, hint } = explain(error, attempt);
  return {
    kind: 'connection',
    phase: 'open',
    message: maskSecrets(message, [attempt.settings]),
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(hint === undefined ? {} : { hint: maskSecrets(hint, [attempt.settings]) }),
  };
}

function explain(error: ConnectionError, attempt: ConnectionAttempt): Explanation {
  const place = placeOf(attempt);
  if (error instanceof NoPasswordError) {
    const message = `the server at ${place} asks for a password for user "${attempt.settings.user}", and none was given`;
    return { message, hint: 'set PGPASSWORD, add a line to ~/.pgpass, or use -W to type it' };
  }
  if (error instanceof PoolerError)
    return {
      message: `${place}, database "${attempt.settings.database}": ${error.message}`,
      hint: error.hint,
    };
  if (error instanceof UnfitError) return { message: `${place}: ${error.message}`, hint: error.hint };
  if (error.severity !== undefined) return explainRefusal(error, attempt);
  return explainNetwork(error, attempt) ?? explainTls(error, attempt);
}

/** `localhost:5432 (127.0.0.1)`, or the path of the socket. */
function placeOf({ host, address }: ConnectionAttempt): string {
  if (isSocketDirectory(host.host)) return socketPath(host.host, host.port);
  const place = describeHost(host.host, host.port);
  return address === host.host ? place : `${place} (${address})`;
}

const WHERE_HINT =
  'start the server, or name the right place with -h and -p, PGHOST and PGPORT, or DATABASE_URL; --embedded runs one of its own';

/** No server was reached. Undefined when the error is of another kind. */
function explainNetwork(error: ConnectionError, attempt: ConnectionAttempt): Explanation | undefined {
  const place = placeOf(attempt);
  const { host } = attempt.host;
  switch (error.code) {
    case 'ECONNREFUSED':
      return { message: `no server accepts connections at ${place}`, hint: WHERE_HINT };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        message: `there is no socket file ${place}`,
        hint: `start the server, or name the directory and port of its socket with -h and -p; -h localhost uses TCP`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        message: `permission to connect to ${place} is denied`,
        hint: 'run as a user who may, or use TCP',
      };
    case 'ENOTFOUND':
      return {
        message: `the host name "${host}" is not known`,
        hint: 'check its spelling (-h, PGHOST, the URI)',
      };
    case 'EAI_AGAIN':
      return {
        message: `the host name "${host}" cannot be looked up now`,
        hint: 'check the network and its DNS',
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        message: `${place} does not answer`,
        hint: 'check the host name, the port, and firewalls between',
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        message: `${place} closed the connection`,
        hint: 'check that a PostgreSQL server listens there',
      };
    default:
      return explainSilence(error, place);
  }
}

function explainSilence(error: ConnectionError, place: string): Explanation | undefined {
  if (isTimeout(error.message)) {
    const hint =
      'check the network and the port, or give it more time: connect_timeout= or PGCONNECT_TIMEOUT';
    return { message: `${place} did not answer within the connect timeout`, hint };
  }
  if (isTermination(error.message)) {
    return { message: `${place} closed the connection`, hint: "look into the server's log for the reason" };
  }
  return undefined;
}

/** Hints for what Node says about certificates; the codes are OpenSSL's. */
const CERTIFICATE_HINTS: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'connect by a name that the certificate has, or use sslmode=verify-ca',
  CERT_HAS_EXPIRED: "renew the server's certificate",
  CERT_NOT_YET_VALID: 'check the clocks of both machines',
  CERT_REVOKED: 'the server needs a new certificate',
};
const ROOT_HINT =
  'sslrootcert= must name the certificate of the authority that signed the one of the server.';

function explainTls(error: ConnectionError, { settings, ...attempt }: ConnectionAttempt): Explanation {
  const place = placeOf({ settings, ...attempt });
  const { message, code = '' } = error;
  if (refusesTls(error) && demandsTls(settings.sslmode)) {
    return {
      message: `the server at ${place} does not offer TLS, which sslmode=${settings.sslmode} demands`,
      hint: 'turn ssl on at the server or, where the network is trusted, use sslmode=prefer',
    };
  }
  if (!attempt.tls) return { message: `cannot connect to ${place}: ${message}` };
  const certificate = /CERT|SIGNATURE|_CRL|ISSUER/.test(code);
  if (!certificate) return { message: `TLS with ${place} failed: ${message}` };
  const hint = CERTIFICATE_HINTS[code] ?? ROOT_HINT;
  return { message: `the certificate of the server at ${place} was not accepted: ${message}`, hint };
}

/** The server answered, and said no. */
function explainRefusal(error: ConnectionError, attempt: ConnectionAttempt): Explanation {
  const detail = error.detail === undefined ? '' : ` (${error.detail})`;
  const message = `the server at ${placeOf(attempt)} refused the connection: ${error.message}${detail}`;
  return { message, hint: refusalHint(error, attempt) ?? error.hint };
}

/** Source of the codes: PostgreSQL documentation, "PostgreSQL Error Codes". */
function refusalHint(error: ConnectionError, { settings, host, tls }: ConnectionAttempt): string | undefined {
  const { user, database } = settings;
  switch (error.code) {
    case '28P01':
      return `the password came from ${host.passwordOrigin ?? 'nowhere'}; check it, and the user's name`;
    case '28000':
      if (error.routine === 'InitializeSessionUserId') {
        return `create the role (CREATE ROLE "${user}" LOGIN), or give another with -U or PGUSER`;
      }
      return error.routine === 'ClientAuthentication'
        ? `its pg_hba.conf must allow user "${user}" and database "${database}" from here, ${tls ? 'with' : 'without'} TLS`
        : 'its pg_hba.conf tells how this user must prove who it is';
    case '3D000':
      return `create it (createdb ${database}), or name another with -d or PGDATABASE`;
    case '42501':
      return `GRANT CONNECT ON DATABASE "${database}" TO "${user}" lets the user in.`;
    case '53300':
      return 'use fewer connections (--jobs), end others, or raise max_connections';
    case '57P01':
      return 'try again: the server was going down, or an administrator ended the session';
    case '57P03':
      return 'try again when it is up';
    case '08P01':
      return poolerHint(error);
    case '42704':
    case '22023':
      return 'the setting comes from PGOPTIONS, options= or a --set of this run';
    default:
      return undefined;
  }
}

/** PgBouncer's own errors have this code; some are known by their words, which are in no other language. */
function poolerHint({ message }: ConnectionError): string | undefined {
  if (message.includes('startup parameter'))
    return 'A pooler stands before the server, and does not know what the login says: connect to the server itself.';
  if (message.includes('query_wait_timeout'))
    return 'all sessions of the pooler are taken: use fewer connections (--jobs), raise its pool size, or connect to the server itself';
  return undefined;
}
