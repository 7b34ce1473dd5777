import { InvalidArgumentError } from 'commander';
import type { NamedTarget } from '../api/options.js';

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

export function countOrNone(text: string): number {
  return text === '0' ? 0 : positive(text);
}
