import type { Failure } from '../model/failure.js';

/**
 * Which failures pass by themselves, and how long to wait for that.
 *
 * The table says nothing of whether what failed may be sent again: that is so only where the server has rolled it back as a
 * whole, which whoever sent it knows (db/redo.ts).
 *
 * Codes: PostgreSQL, "Appendix A. Error Codes" (src/backend/utils/errcodes.txt); names of socket errors: errno(3).
 */
export interface RetryRule {
  /** Milliseconds before the second attempt; each further one waits twice as long, up to `LONGEST`. */
  readonly delay: number;
  /** Why another attempt may end better. */
  readonly reason: string;
}

const RETRIED: Readonly<Record<string, RetryRule>> = {
  '40001': { delay: 50, reason: 'another transaction changed what it had read' },
  '40P01': { delay: 100, reason: 'the server broke a deadlock, the others go on' },
  '55P03': { delay: 500, reason: 'somebody else holds the lock for a while' },
  '57P01': { delay: 500, reason: 'an administrator, or a server that shuts down, ended the session' },
  '57P02': { delay: 1000, reason: 'the server recovers from a crash of one of its processes' },
  '57P03': { delay: 500, reason: 'the server is starting up, or shutting down' },
  '53300': { delay: 1000, reason: 'other sessions end, and leave their connection slots' },
  '08000': { delay: 500, reason: 'the way to the server broke' },
  '08001': { delay: 500, reason: 'the server could not be reached' },
  '08003': { delay: 500, reason: 'the way to the server broke' },
  '08004': { delay: 500, reason: 'a pooler refused the connection for now' },
  '08006': { delay: 500, reason: 'the way to the server broke' },
  '08P01': { delay: 500, reason: 'a pooler lost its server' },
  ECONNREFUSED: { delay: 500, reason: 'the server is restarting' },
  ECONNRESET: { delay: 500, reason: 'the way to the server broke' },
  ECONNABORTED: { delay: 500, reason: 'the way to the server broke' },
  EPIPE: { delay: 500, reason: 'the way to the server broke' },
  ETIMEDOUT: { delay: 500, reason: 'the network did not answer' },
  EHOSTUNREACH: { delay: 1000, reason: 'the network is interrupted' },
  EHOSTDOWN: { delay: 1000, reason: 'the network is interrupted' },
  ENETUNREACH: { delay: 1000, reason: 'the network is interrupted' },
  ENETDOWN: { delay: 1000, reason: 'the network is interrupted' },
  EAI_AGAIN: { delay: 1000, reason: 'the name server did not answer' },
  // The socket directory is emptied by a server that stops.
  ENOENT: { delay: 500, reason: 'the server is restarting' },
};

/** A connection that broke, and nobody said why. */
const LOST: RetryRule = { delay: 500, reason: 'the way to the server broke' };
const CATALOG_RACE: RetryRule = { delay: 100, reason: 'two sessions changed one catalog row at a time' };

/** XX000 is every error that PostgreSQL does not expect: only these pass. src/backend/access/heap/heapam.c. */
const CATALOG_RACES = /^tuple concurrently (?:updated|deleted)$/;

/** Undefined: it would fail again. */
export function retryRule(failure: Failure): RetryRule | undefined {
  if (failure.kind === 'server')
    return failure.code === 'XX000' && CATALOG_RACES.test(failure.message)
      ? CATALOG_RACE
      : RETRIED[failure.code];
  if (failure.kind !== 'connection') return undefined;
  if (failure.code !== undefined) return RETRIED[failure.code];
  return failure.phase === 'lost' ? LOST : undefined;
}

/**
 * Milliseconds to wait before attempt number `attempt` (2 is the first that is a repetition). Half of it is drawn, so that
 * sessions that failed together do not meet again; `random` is from 0 to 1.
 */
export function retryDelay({ delay }: RetryRule, attempt: number, random: number): number {
  const whole = Math.min(delay * 2 ** (attempt - 2), LONGEST);
  return Math.round(whole / 2 + (whole / 2) * random);
}

const LONGEST = 30_000;

/** With 500 ms at first, a server may be away for some 15 to 30 seconds. */
export const DEFAULT_RETRIES = 6;
