import { resolveConnection } from '../../src/db/settings/resolve.js';
import type { ConnectionSettings } from '../../src/db/settings/settings.js';
import { systemSurroundings } from '../../src/db/settings/surroundings.js';
import type { TestDatabase } from '../database.js';

/** `port`: of what leads to the server. */
export function settingsOf({ env }: TestDatabase, port = Number(env.PGPORT)): ConnectionSettings {
  const surroundings = { ...env, PGPORT: String(port), PGSSLMODE: 'disable' };
  const settings = resolveConnection({}, { ...systemSurroundings(), env: surroundings });
  if (!settings.ok) throw new Error(settings.diagnostics.map(({ message }) => message).join('; '));
  return settings.value;
}
