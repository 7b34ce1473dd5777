import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// By the package's own name, so that it is found from any bundle.
const { version } = require('pqrun/package.json') as { readonly version: string };

/** pqrun's version, from its package.json. */
export const VERSION = version;
