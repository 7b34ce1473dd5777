import type { TestDatabase } from '../database.js';
import type { Running, Workplace } from '../e2e/pqrun.js';
import { Proxy } from './proxy.js';

/** Runs whose way to the server leads through a proxy of the test's. */

/** Half a second of silence, and then a look every 0.2 s, which may take one second. */
const QUICK = '500,200,1000';

export interface Setting {
  readonly work: Workplace;
  readonly database: TestDatabase;
  readonly proxy: Proxy;
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Running;
}

export async function behindProxy(
  { work, database }: Pick<Setting, 'work' | 'database'>,
  act: (setting: Setting) => Promise<void>,
): Promise<void> {
  const { PGHOST, PGPORT } = database.env;
  const proxy = await Proxy.open({ host: PGHOST, port: Number(PGPORT) });
  const there = {
    PGHOST: '127.0.0.1',
    PGPORT: String(proxy.port),
    PGSSLMODE: 'disable',
    PQRUN_WATCHDOG: QUICK,
  };
  try {
    await act({
      work,
      database,
      proxy,
      start: (args, env) => work.start(args, { env: { ...there, ...env } }),
    });
  } finally {
    await proxy.close();
  }
}
