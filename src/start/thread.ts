import { join } from 'node:path';
import type work from '../db/worker.js';
import { loadCompiled } from './compiled.js';

/** What a thread of the pool runs. */

declare const BUILD: string;

const { exports, keep } = loadCompiled(join(__dirname, 'worker.cjs'), `worker-${BUILD}`);
const { default: perform } = exports as { readonly default: typeof work };

const task: typeof work = async (given) => {
  const result = await perform(given);
  // Behind it the thread may be ended at any moment.
  if (given.kind === 'close') keep();
  return result;
};

export default task;
