import type * as Command from '../cli/main.js';
import type * as Index from '../index.js';

/** What dist/pqrun.cjs offers. Either is evaluated when it is asked for. */
export const api = (): Promise<typeof Index> => import('../index.js');
export const commandLine = (): Promise<typeof Command> => import('../cli/main.js');
