import type { Diagnostic } from '../../model/diagnostic.js';
import type { ClientCall } from '../../script/walk.js';
import { resolveConnection, systemSurroundings, type ConnectionSettings } from '../settings/resolve.js';

/**
 * `\connect database user host port`: the settings of the new session. What is not said stays as it is, where it still
 * belongs: another host keeps no address, another login keeps no password but the one that the password file has for it
 * (src/bin/psql/command.c, do_connect). A conninfo string or URI stands for itself, unless `-reuse-previous=on`.
 */
export type ConnectCall = Extract<ClientCall, { readonly kind: 'connect' }>;

export type NextSettings =
  | { readonly ok: true; readonly settings: ConnectionSettings }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export function settingsAfter(current: ConnectionSettings, { words, reuse }: ConnectCall): NextSettings {
  const [dbname, user, host, port] = words.map((word) => word?.text);
  const isString = dbname !== undefined && /=|^postgres(?:ql)?:\/\//.test(dbname);
  const keeps = reuse ?? !isString;
  const [place] = current.hosts;
  const moves = host !== undefined || port !== undefined || user !== undefined;
  if (!isString && !moves)
    return { ok: true, settings: { ...current, database: dbname ?? current.database } };
  const flags = keeps
    ? {
        dbname: dbname ?? current.database,
        user: user ?? current.user,
        host: host ?? place?.host,
        port: port ?? place?.port,
      }
    : { dbname, user, host, port };
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  const resolved = resolveConnection(given, systemSurroundings());
  if (!resolved.ok) {
    const [diagnostic] = resolved.diagnostics;
    return { ok: false, diagnostic: diagnostic ?? { severity: 'error', message: 'it cannot be understood' } };
  }
  return { ok: true, settings: keeps ? withPassword(resolved.value, current) : resolved.value };
}

/** The same login on the same host: its password holds. */
function withPassword(next: ConnectionSettings, current: ConnectionSettings): ConnectionSettings {
  if (next.user !== current.user) return next;
  const hosts = next.hosts.map((host) => {
    const same = current.hosts.find((known) => known.host === host.host && known.port === host.port);
    return host.password === undefined && same !== undefined ? { ...same, ...host } : host;
  });
  return { ...next, hosts };
}
