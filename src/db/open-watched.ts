import { askIdentity, probe } from './look.js';
import { openClient, type Opened, type OpenOptions } from './open.js';
import type { ConnectionSettings } from './settings/settings.js';
import { watchOver, watchTimes } from './watch.js';

/** Opens a connection of the main thread's own, which is lost when its server has died without a word (watch.ts). */
export async function openWatched(settings: ConnectionSettings, options: OpenOptions): Promise<Opened> {
  const opened = await openClient(settings, options);
  if (opened.ok) await watch(opened, settings);
  return opened;
}

async function watch(
  { client, host }: Extract<Opened, { readonly ok: true }>,
  settings: ConnectionSettings,
): Promise<void> {
  // One that breaks now is found out at its next use.
  const identity = await askIdentity(client).catch(() => undefined);
  if (identity === undefined) return;
  watchOver(client, () => probe(settings, { identity, host }, watchTimes().answer));
}
