import { createRequire } from 'node:module';

/** pqrun's version, from its package.json: asked for by the package's own name, so that it is found from any bundle. */
export const VERSION = String(
  (createRequire(import.meta.url)('pqrun/package.json') as { readonly version: string }).version,
);
