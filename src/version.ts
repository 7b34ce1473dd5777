import { createRequire } from 'node:module';

/** pqrun's version, from its package.json. */
export const VERSION = String(
  (createRequire(import.meta.url)('../package.json') as { readonly version: string }).version,
);
