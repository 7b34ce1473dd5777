import { isSocketDirectory, type ConnectionSettings } from './settings.js';

/**
 * True where the server runs on this machine, as far as its address tells: a socket, `localhost`, or a loopback address.
 * The end of a tunnel looks the same.
 */
export function isOnThisMachine({ hosts }: Pick<ConnectionSettings, 'hosts'>): boolean {
  return hosts.every(({ host, hostaddr = host }) => isSocketDirectory(hostaddr) || LOOPBACK.test(hostaddr));
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){1,3}|::1)$/i;
