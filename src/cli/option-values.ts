import { InvalidArgumentError } from 'commander';
import type { NamedTarget, Rate } from '../api/options.js';

/** How the values of options are read; those that may be given again build upon what was given before. */

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export function assign(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const equals = text.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, equals)]: text.slice(equals + 1) };
}

export function addTarget(text: string, before: readonly NamedTarget[] = []): readonly NamedTarget[] {
  const [, name, dsn] = /^([^=:/\s]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || dsn === undefined)
    throw new InvalidArgumentError('Write it as NAME=DSN, as in a=postgresql://host/db.');
  return [...before, { name, dsn }];
}

export function cores(text: string): number | 'off' {
  return text === 'off' ? text : positive(text);
}

/** Numbers of rows, given one by one. */
export function addSize(text: string, before: readonly number[] = []): readonly number[] {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 1_000_000_000)
    throw new InvalidArgumentError('It must be a whole number of rows from 1 to 1000000000.');
  return [...before, value];
}

export function seed(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value >= 2 ** 32)
    throw new InvalidArgumentError('It must be a whole number below 2^32.');
  return value;
}

export function positive(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 10_000)
    throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
  return value;
}

/** Milliseconds: a number and a unit, as in postgresql.conf; a plain number means seconds. */
export function time(text: string): number {
  const [, digits, unit = 's'] = /^([0-9]+)(ms|s|min|h)?$/.exec(text) ?? [];
  const milliseconds = digits === undefined ? Number.NaN : Number(digits) * (UNITS[unit] ?? Number.NaN);
  if (milliseconds >= 1 && milliseconds <= LONGEST) return milliseconds;
  throw new InvalidArgumentError('Write a number and a unit (ms, s, min, h), as in 30s.');
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
/** The server's timeouts are 32-bit numbers of milliseconds, and so are timers. */
const LONGEST = 2_147_483_647;

/** A number of rows, or of jobs, a second. */
export function rate(text: string): Rate {
  const [, digits, unit = 'rows'] = /^(\d+(?:\.\d+)?) ?(rows|jobs)?(?:\/s)?$/.exec(text) ?? [];
  const count = Number(digits);
  if (count > 0) return unit === 'jobs' ? { jobs: count } : { rows: count };
  throw new InvalidArgumentError('Write a number of rows or jobs a second, as in 5000 or 20jobs.');
}

export function countOrNone(text: string): number {
  return text === '0' ? 0 : positive(text);
}
