import type { HostSettings } from './settings.js';
import { isSocketDirectory, socketPath } from './settings.js';
import type { SettingReader } from './setting-reader.js';
import type { Surroundings } from './surroundings.js';

/**
 * The places to try, out of `host`, `hostaddr` and `port`, each of which may be a list with commas.
 *
 * Source: PostgreSQL documentation, "Specifying Multiple Hosts". One port serves all hosts; else there must be as many
 * ports as hosts. An empty host is the default one.
 */
export const DEFAULT_PORT = 5432;

/** libpq has one of them compiled in: Debian's and Red Hat's packages the first, the source the second. */
export const SOCKET_DIRECTORIES = ['/var/run/postgresql', '/tmp'];

export function readHosts(reader: SettingReader, surroundings: Surroundings): readonly HostSettings[] {
  const names = list(reader.text('host'));
  const addresses = list(reader.text('hostaddr'));
  const ports = list(reader.text('port')).map((text) => portOf(text, reader));
  const count = Math.max(names.length, addresses.length, 1);
  if (names.length > 0 && addresses.length > 0 && names.length !== addresses.length) {
    reader.fault(
      `there are ${names.length} hosts (from ${reader.origin('host')}) but ${addresses.length} addresses (from ${reader.origin('hostaddr')})`,
      'give one hostaddr for each host',
    );
  }
  if (ports.length > 1 && ports.length !== count) {
    reader.fault(
      `there are ${ports.length} ports (from ${reader.origin('port')}) but ${count} hosts (from ${reader.origin('host')})`,
      'give one port for all hosts, or one for each',
    );
  }
  return Array.from({ length: count }, (_, index): HostSettings => {
    const port = (ports.length === 1 ? ports[0] : ports[index]) ?? DEFAULT_PORT;
    const hostaddr = addresses[index] ?? '';
    const host = names[index] ?? '';
    if (host.startsWith('@')) {
      reader.refuse('host', 'abstract sockets are not supported: use the directory of the socket, or TCP');
    }
    if (hostaddr !== '') return { host: host === '' ? hostaddr : host, hostaddr, port };
    return { host: host === '' ? defaultHost(port, surroundings) : host, port };
  });
}

function list(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}

function portOf(text: string, reader: SettingReader): number {
  if (text.trim() === '') return DEFAULT_PORT;
  const port = /^\s*\d+\s*$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) reader.refuse('port', 'ports are whole numbers from 1 to 65535');
  return port;
}

/** The socket directory that has a socket for this port, or else TCP. */
function defaultHost(port: number, surroundings: Surroundings): string {
  if (surroundings.platform === 'win32') return 'localhost';
  const found = SOCKET_DIRECTORIES.find((directory) => surroundings.exists(socketPath(directory, port)));
  return found ?? 'localhost';
}

/** The host as the password file knows it: a server at the default socket is `localhost`. */
export function passwordFileHost(host: string): string {
  return isSocketDirectory(host) && SOCKET_DIRECTORIES.includes(host) ? 'localhost' : host;
}
