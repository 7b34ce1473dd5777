import type { RunOptions } from '../../src/api/options.js';
import type { RunResult } from '../../src/api/result.js';

interface Package {
  readonly run: (options: RunOptions) => Promise<RunResult>;
}

/** Threads run the built worker, so that the whole of pqrun is the built one: `npm run build`. */
const built = '../../dist/index.js';
// The declarations beside it are those of src.
export const { run } = (await import(built)) as Package;
