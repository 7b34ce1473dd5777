import { UnfitError } from './connection-error.js';
import type { ConnectionSettings } from './settings.js';

/**
 * The `options` of the startup packet: server settings as command-line switches, `-c name=value`.
 *
 * The server takes them from left to right and the last one wins: first the program's settings, then the user's own
 * (PGOPTIONS), then those that libpq sends beside its options (PGTZ …), which win there too. Blanks and backslashes are
 * escaped by a backslash (pg_split_opts() in the server's postinit.c).
 */
export function startupOptions(
  serverSettings: Readonly<Record<string, string>>,
  { options, sessionDefaults }: ConnectionSettings,
): string {
  const parts = [...switches(serverSettings), ...(options === undefined ? [] : [options])];
  return [...parts, ...switches(sessionDefaults)].join(' ');
}

function switches(settings: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(value)}`);
}

function escapeOption(value: string): string {
  return value.replaceAll(/[\s\\]/g, '\\$&');
}

/**
 * The user's own options as settings, for where they cannot be sent with the login: `-c name=value`, `-cname=value` and
 * `--name=value` (process_postgres_switches() in the server's postgres.c). Throws UnfitError for other switches.
 */
export function optionSettings(options: string): readonly (readonly [string, string])[] {
  const words = [...options.matchAll(/(?:\\.|[^\s\\])+/gs)].map(([word]) => word.replaceAll(/\\(.)/gs, '$1'));
  const settings: (readonly [string, string])[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const isSplit = word === '-c' || word === '--';
    if (isSplit) index += 1;
    const setting = /^([^=]+)=(.*)$/s.exec(
      isSplit ? (words[index] ?? '') : word.replace(/^(?:-c|--)(?=[^-])/, ''),
    );
    const [, name, value] = setting ?? [];
    if (!/^-c|^--/.test(word) || name === undefined || value === undefined)
      throw new UnfitError(
        `a pooler stands before the server, and through it the option ${word} cannot be set`,
        'it comes from PGOPTIONS or options=: there only -c name=value goes through a pooler; or connect to the server itself',
      );
    settings.push([name.replaceAll('-', '_'), value]);
  }
  return settings;
}
