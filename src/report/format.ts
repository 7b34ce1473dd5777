/**
 * Numbers as people read them: durations, counts, rates, shares.
 *
 * Units stand apart from their number (`3.21 s`), thousands have separators, and no number shows more than about
 * three significant digits of time. Knows nothing of events or terminals; the locale is fixed, so that logs of two
 * machines can be compared.
 */

/** Where a comma goes. Intl does the same, and its first use takes 15 ms of every start. */
const THOUSANDS = /\B(?=(?:\d{3})+$)/g;

/** `0.8 ms`, `812 ms`, `3.21 s`, `42.5 s`, `2 m 05 s`, `1 h 02 m`. Milliseconds in; below zero counts as zero. */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  // The limits are where rounding reaches the next unit: 999.6 ms is `1.00 s`, never `1000 ms`.
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  return formatMinutes(Math.round(ms / 1000));
}

/** A duration for a screen that is drawn again and again: whole seconds, so that only what matters moves. */
export function formatAge(milliseconds: number): string {
  const seconds = Math.floor(Math.max(0, milliseconds) / 1000);
  return seconds < 60 ? `${seconds} s` : formatMinutes(seconds);
}

function formatMinutes(seconds: number): string {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${formatCount(Math.floor(minutes / 60))} h ${twoDigits(minutes % 60)} m`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** `200,000`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(THOUSANDS, ',');
}

/** `1 job`, `12 jobs`, `0 rows`. */
export function formatPlural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `62,305/s`, `0.4/s`; undefined when no time has passed. */
export function formatRate(count: number, milliseconds: number): string | undefined {
  if (milliseconds <= 0) return undefined;
  const perSecond = (count * 1000) / milliseconds;
  return perSecond < 9.95 ? `${perSecond.toFixed(1)}/s` : `${formatCount(perSecond)}/s`;
}

/** `87 %`. A share that is not quite all is never shown as `100 %`. */
export function formatShare(share: number): string {
  const percent = Math.round(share * 100);
  return `${percent === 100 && share < 1 ? 99 : percent} %`;
}

/** `3.49x`, `12.4x`: how many times faster. */
export function formatFactor(factor: number): string {
  return `${factor < 9.995 ? factor.toFixed(2) : factor.toFixed(1)}x`;
}
