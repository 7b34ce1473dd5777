import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isSocketDirectory, type HostSettings } from './settings.js';

/**
 * Where a host can be reached: its addresses in the resolver's order, each of which is tried, as libpq does. (Left to
 * itself Node gives each address but the last a quarter of a second.) A socket directory is its own address.
 *
 * Rejects with the resolver's error.
 */
export async function addressesOf({ host, hostaddr }: HostSettings): Promise<readonly string[]> {
  if (hostaddr !== undefined) return [hostaddr];
  if (isSocketDirectory(host) || isIP(host) !== 0) return [host];
  const found = await lookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}
