import type { Controls } from '../db/controls.js';
import type { SessionTarget } from '../db/task.js';
import type { CatalogRows } from '../model/catalog-rows.js';
import { ConnectError } from './server.js';

type CatalogTarget = Pick<SessionTarget, 'name' | 'settings'>;

/**
 * What the databases of some targets hold, for a plan that is not run: a connection a server, opened when the first of them is
 * asked for. Rejects with ConnectError.
 */
export class TargetCatalogs {
  readonly #targets: () => Promise<readonly CatalogTarget[]>;
  #controls: Promise<Controls> | undefined;

  constructor(targets: () => Promise<readonly CatalogTarget[]>) {
    this.#targets = targets;
  }

  async read(target: number): Promise<CatalogRows> {
    const controls = await (this.#controls ??= this.#open());
    try {
      return await controls.readCatalog(target);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      throw new ConnectError({
        kind: 'connection',
        phase: 'open',
        message: `the catalog cannot be read: ${cause}`,
      });
    }
  }

  async close(): Promise<void> {
    const controls = await this.#controls?.catch(() => undefined);
    await controls?.close();
  }

  async #open(): Promise<Controls> {
    const targets = await this.#targets();
    const { Controls } = await import('../db/controls.js');
    const controls = new Controls(targets);
    const failures = await controls.open();
    const failed = failures.findIndex((failure) => failure !== undefined);
    const failure = failures[failed];
    if (failure === undefined) return controls;
    await controls.close();
    const needsPassword = controls.needsPassword && targets[failed]?.settings.mayPrompt === true;
    throw new ConnectError(failure, { needsPassword });
  }
}
