import type { Diagnostic } from '../model/diagnostic.js';
import type { Plan } from '../model/plan.js';
import { settleOptions, type RunOptions } from './options.js';
import { findInputs } from './inputs.js';
import { findTargets, hasTargets } from './find-targets.js';
import { readPlan, type Preparation } from './prepare.js';
import { serverAsker, targetAsker, type Asked } from './record-asker.js';
import { namesServer, NeededServer } from './server.js';
import { TargetCatalogs } from './target-catalogs.js';
import { WalkReaders } from './walk-readers.js';

/**
 * Reads, splits, checks and plans; runs nothing. With `order: 'auto'` the database that the options name is looked at; where
 * they name none, the plan rests on what the scripts alone say, and a server is needed only where a split takes its values
 * from a query.
 * Rejects with InputError and ConnectError as `run` does.
 */
export async function plan(options: RunOptions): Promise<Planned> {
  const inputs = await findInputs(options);
  const settled = settleOptions(options, inputs.manifest);
  return hasTargets(options, settled)
    ? planOfTargets({ inputs, options, settled })
    : planOfOne({ inputs, options, settled });
}

type Context = Pick<Preparation, 'inputs' | 'options' | 'settled'>;

async function planOfOne(context: Context): Promise<Planned> {
  const { options, settled } = context;
  const server = new NeededServer(options);
  const askRecords = serverAsker(settled, server);
  const catalogs = new TargetCatalogs(async () => [
    { name: undefined, settings: (await server.find()).value },
  ]);
  const isNamed = namesServer(options);
  const askCatalog = isNamed ? (target: number) => catalogs.read(target) : undefined;
  const { serverSettings } = settled;
  const asked = async (): Promise<Asked> => ({ settings: (await server.find()).value, serverSettings });
  const readers = isNamed ? new WalkReaders(async () => [await asked()]) : undefined;
  try {
    const { plan, warnings } = await readPlan({
      ...context,
      askRecords,
      askCatalog,
      readers,
      targetNames: [],
    });
    const lacksDatabase = settled.order === 'auto' && !isNamed;
    return { plan, warnings, connections: settled.jobs, lacksDatabase };
  } finally {
    await readers?.forget();
    await catalogs.close();
    await server.stop();
  }
}

/** A server is needed, too, where it is to say what the targets are, or what is in them. */
async function planOfTargets(context: Context): Promise<Planned> {
  const { options, settled } = context;
  const found = await findTargets(options, settled);
  const { targets, warnings } = found;
  const askRecords = targetAsker(settled, () => Promise.resolve(targets));
  const catalogs = new TargetCatalogs(() => Promise.resolve(targets));
  const readers = new WalkReaders(() => Promise.resolve(targets));
  try {
    const { plan, warnings: ofPlan } = await readPlan({
      ...context,
      askRecords,
      askCatalog: (target) => catalogs.read(target),
      readers,
      targetNames: targets.map(({ name }) => name ?? ''),
    });
    const connections = Math.min(settled.jobs * targets.length, settled.maxConnections ?? Infinity);
    return { plan, warnings: [...warnings, ...ofPlan], connections, lacksDatabase: false };
  } finally {
    await readers.forget();
    await catalogs.close();
    await found.stop();
  }
}

export interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
  /** As many as --jobs asks for, of all targets together. */
  readonly connections: number;
  /** With `order: 'auto'`: no database was named, and what is in it is not known. */
  readonly lacksDatabase: boolean;
}
