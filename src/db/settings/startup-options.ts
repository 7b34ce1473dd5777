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
