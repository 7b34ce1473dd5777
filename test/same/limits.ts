/**
 * A program that never ends is no program. A VACUUM of all may wait for five seconds for each table whose end it would cut off
 * (VACUUM_TRUNCATE_LOCK_TIMEOUT in src/backend/access/heap/vacuumlazy.c), also of those that all databases share.
 */
export const SECONDS = 30;

/** Of every session of a program; what is in the way of another is told at once. */
export const LIMITS = { statement_timeout: `${SECONDS}s`, deadlock_timeout: '200ms' } as const;
